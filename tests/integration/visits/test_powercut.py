"""The power-cut check itself: it sees what was never synced, refuses what it cannot see, and finds nothing lost."""

import random
import shutil

import pytest

from fangxian.faces.cli.checks import powercut
from fangxian.faces.cli.checks.powercut_disk import Cut, Disk, cuts
from fangxian.faces.cli.checks.powercut_events import (
    Ack,
    Create,
    Remove,
    Rename,
    Resize,
    Sync,
    UnknownCall,
    Write,
    read_events,
)

ROOT = "/data"


def hexed(text: str) -> str:
    return "".join(f"\\x{byte:02x}" for byte in text.encode())


def events(tmp_path, *lines: str) -> list:
    """What a log of system calls means; `«text»` in a line stands for strace's hexadecimal."""
    import re

    log = tmp_path / "calls.log"
    log.write_text("\n".join(re.sub(r"«(.*?)»", lambda found: hexed(found[1]), line) for line in lines) + "\n")
    return read_events(log, powercut.Path(ROOT), rb"ack:(\d+)")


def disk(happened) -> Disk:
    made = Disk()
    for event in happened:
        made.feed(event)
    return made


def test_a_write_counts_only_after_its_sync(tmp_path):
    happened = events(
        tmp_path,
        '1 openat(AT_FDCWD<«/»>, "«/data/a»", O_RDWR|O_CREAT, 0644) = 3<«/data/a»>',
        '1 pwrite64(3<«/data/a»>, "«one»", 3, 0) = 3',
        "1 fdatasync(3<«/data/a»>) = 0",
        '1 pwrite64(3<«/data/a»>, "«two»", 3, 3) = 3',
        '1 sendto(9<«socket:[5]»>, "«HTTP/1.1 200 OK ack:7»", 22, 0, NULL, 0) = 22',
    )
    assert [type(event) for event in happened] == [Create, Write, Sync, Write, Ack]
    assert disk(happened).image("none", random.Random(0)) == {"/data/a": b"one"}
    images = {disk(happened).image("random", random.Random(seed))["/data/a"] for seed in range(20)}
    assert images == {b"one", b"onetwo"}


def test_a_sync_covers_only_what_had_ended_before_it_began(tmp_path):
    happened = events(
        tmp_path,
        '1 creat("«/data/a»", 0644) = 3<«/data/a»>',
        "2 fsync(3<«/data/a»> <unfinished ...>",
        '1 write(3<«/data/a»>, "«late»", 4) = 4',
        "2 <... fsync resumed>) = 0",
    )
    assert disk(happened).image("none", random.Random(0)) == {"/data/a": b""}


def test_an_acknowledgement_counts_from_its_beginning(tmp_path):
    happened = events(
        tmp_path,
        '1 sendto(9<«socket:[5]»>, "«ack:1»", 5 <unfinished ...>',
        '2 openat(AT_FDCWD<«/data»>, "«b»", O_WRONLY|O_CREAT|O_TRUNC, 0644) = 4<«/data/b»>',
        "1 <... sendto resumed>, 0, NULL, 0) = 5",
    )
    assert [type(event) for event in happened] == [Ack, Create, Resize]


def test_files_grow_shrink_move_and_go(tmp_path):
    happened = events(
        tmp_path,
        '1 mkdir("«/data/d»", 0755) = 0',
        '1 openat(AT_FDCWD<«/»>, "«/data/d/a»", O_WRONLY|O_CREAT|O_APPEND, 0644) = 3<«/data/d/a»>',
        '1 write(3<«/data/d/a»>, "«12345»", 5) = 5',
        '1 writev(3<«/data/d/a»>, [{iov_base="«67»", iov_len=2}, {iov_base="«8»", iov_len=1}], 2) = 3',
        "1 ftruncate(3<«/data/d/a»>, 6) = 0",
        "1 fallocate(3<«/data/d/a»>, 0, 0, 8) = 0",
        "1 fsync(3<«/data/d/a»>) = 0",
        '1 rename("«/data/d»", "«/data/e»") = 0',
        '1 openat(AT_FDCWD<«/»>, "«/data/gone»", O_WRONLY|O_CREAT, 0644) = 4<«/data/gone»>',
        '1 unlink("«/data/gone»") = 0',
        '1 write(5<«/elsewhere»>, "«nothing»", 7) = 7',
        '1 write(3<«/data/d/a»>, "«x»", 1) = -1 ENOSPC (No space left on device)',
    )
    assert {Rename, Remove, Resize} <= {type(event) for event in happened}
    assert disk(happened).image("none", random.Random(0)) == {"/data/e/a": b"123456\0\0"}


def test_plain_writes_go_on_where_they_were(tmp_path):
    happened = events(
        tmp_path,
        '1 openat(AT_FDCWD<«/»>, "«/data/a»", O_RDWR|O_CREAT, 0644) = 3<«/data/a»>',
        '1 write(3<«/data/a»>, "«abcd»", 4) = 4',
        "1 lseek(3<«/data/a»>, 1, SEEK_SET) = 1",
        '1 write(3<«/data/a»>, "«X»", 1) = 1',
        "1 syncfs(3<«/data/a»>) = 0",
    )
    assert disk(happened).image("none", random.Random(0)) == {"/data/a": b"aXcd"}


def test_a_torn_write_keeps_some_pages(tmp_path):
    made = Disk(durable={"/data/a": bytearray(8192)})
    made.feed(Write(0, 1, "/data/a", 0, b"x" * 8192))
    found = {made.image("torn", random.Random(seed))["/data/a"] for seed in range(20)}
    assert {content[:1] + content[-1:] for content in found} == {b"\0\0", b"x\0", b"\0x", b"xx"}


@pytest.mark.parametrize(
    "line",
    [
        "1 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_SHARED, 3<«/data/a»>, 0) = 0x7f00",
        '1 openat(AT_FDCWD<«/»>, "«/data/a»", O_RDWR|O_SYNC) = 3<«/data/a»>',
        '1 rename("«/data/a»", "«/tmp/a»") = 0',
        '1 link("«/data/a»", "«/data/b»") = 0',
        "1 sendfile(5<«/data/a»>, 6<«/tmp/b»>, NULL, 5) = 5",
        "1 io_uring_enter(5<«anon_inode:[io_uring]»>, 1, 0, 0, NULL, 8) = 1",
        "1 fallocate(3<«/data/a»>, FALLOC_FL_PUNCH_HOLE, 0, 8) = 0",
        '1 write(3<«/data/a»>, "«abc»"..., 99999999) = 99999999',
    ],
)
def test_what_the_log_does_not_tell_is_refused(tmp_path, line):
    with pytest.raises(UnknownCall):
        events(tmp_path, line)


def test_shared_memory_of_sqlite_and_private_mappings_are_no_data(tmp_path):
    assert not events(
        tmp_path,
        "1 mmap(NULL, 32768, PROT_READ|PROT_WRITE, MAP_SHARED, 3<«/data/hot.sqlite-shm»>, 0) = 0x7f00",
        "1 mmap(NULL, 4096, PROT_READ|PROT_WRITE, MAP_PRIVATE, 3<«/data/a»>, 0) = 0x7f00",
        "1 mmap(NULL, 4096, PROT_READ, MAP_SHARED, 3<«/data/a»>, 0) = 0x7f00",
    )


def test_the_same_seed_gives_the_same_cuts(tmp_path):
    happened = [event for number in range(30) for event in (Write(number, number, "/data/a", 0, b"%d" % number),)]
    first, second = ([*cuts(happened, Disk(), at_most=45, seed=3)] for _ in "ab")
    assert first == second
    assert len(first) == 45
    first[-1].lay_out("/data", tmp_path / "laid")
    assert (tmp_path / "laid" / "a").exists()
    assert isinstance(first[0], Cut)


def test_without_strace_it_says_what_to_install(monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda name: None)
    with pytest.raises(powercut.NoStrace, match="apt-get install strace") as refused:
        powercut.run(10)
    assert refused.value.exit_code == 3


def test_a_damaged_store_is_reported_as_such(tmp_path):
    from fangxian.faces.cli.checks.powercut_server import open_log

    log = open_log(tmp_path)
    log.close()
    (tmp_path / "visits" / "manifest.json").write_text("{}")
    tally = powercut.Tally()
    powercut._judge(tally, tmp_path, {"some visit"}, "here")
    assert (tally.states, tally.corrupt, tally.lost) == (1, 1, 0)
    assert tally.first.startswith("here: DamagedManifest")


def test_the_verdict_needs_a_control_that_loses():
    good, idle, lossy = (powercut.Tally(states=9, acked=9, lost=lost) for lost in (0, 0, 4))
    assert powercut.Report(good, lossy).exit_code == 0
    assert powercut.Report(good, idle).exit_code == 1
    assert powercut.Report(lossy, lossy).exit_code == 1
    assert powercut.Report(powercut.Tally(), lossy).exit_code == 1


@pytest.mark.slow
@pytest.mark.enable_socket
def test_no_acknowledged_visit_is_lost_and_the_control_loses_some():
    if shutil.which("strace") is None:
        pytest.skip("strace is not installed")
    seen = []
    report = powercut.run(24, seed=1, progress=lambda *at: seen.append(at))
    assert report.exit_code == 0, (report.real, report.control)
    assert report.line().startswith("promise=R1 states=")
    assert "acknowledged_lost=0 corrupt=0" in report.line()
    assert report.real.acked == 30
    assert seen
