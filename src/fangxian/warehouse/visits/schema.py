"""The tables of the hot store. Numbers are never used twice, so an erased person's number stays nobody's."""

from __future__ import annotations

SQLITE_MONTH = """
create table if not exists visits_hot (
  seq integer primary key autoincrement,
  visit_id blob not null unique, person blob not null, place blob not null,
  entered_at integer not null, left_at integer not null,
  mask integer, temperature integer, device_at integer,
  received_at integer not null, flags integer not null
);
create table if not exists month_state (
  only integer primary key check (only = 1), birth blob not null,
  removals integer not null, closed integer not null
);
insert or ignore into month_state values (1, randomblob(16), 0, 0);
"""
"""One file a month. `seq` grows and is never used again, so a reader need only fetch what is new; `removals` tells it
when rows have left, `birth` that the file is another one. A closed file is about to be deleted and takes no rows."""

SQLITE = """
create table if not exists visit_persons (
  number integer primary key autoincrement, uuid blob not null unique
);
create table if not exists visit_places (
  number integer primary key autoincrement, uuid blob not null unique, assumed_stay_s integer
);
create table if not exists visit_devices (
  token_hash blob primary key, device text not null, area text not null,
  places text not null, issued_at integer not null, revoked_at integer
) without rowid;
create table if not exists visit_erasures (only integer primary key check (only = 1), followed integer not null);
insert or ignore into visit_erasures values (1, 0);
"""

POSTGRES = """
create table if not exists visits_hot (
  visit_id bytea primary key, person bytea not null, place bytea not null,
  entered_at integer not null, left_at integer not null,
  mask smallint, temperature smallint, device_at integer,
  received_at integer not null, flags smallint not null
) partition by range (visit_id);
create table if not exists visits_hot_other partition of visits_hot default;
create table if not exists visit_persons (
  number integer primary key generated always as identity, uuid bytea not null unique
);
create table if not exists visit_places (
  number integer primary key generated always as identity, uuid bytea not null unique, assumed_stay_s integer
);
create table if not exists visit_devices (
  token_hash bytea primary key, device text not null, area text not null,
  places text not null, issued_at integer not null, revoked_at integer
);
create table if not exists visit_erasures (one integer primary key check (one = 1), followed integer not null);
insert into visit_erasures values (1, 0) on conflict do nothing;
"""
