"""Two lists come in, one person comes out: brought, matched, decided, entered, looked for cell by cell."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from django.utils.translation import gettext_lazy

from fangxian.core import jobs, scope
from fangxian.core.areas import Area
from fangxian.core.ids import uuid7
from fangxian.core.permissions import Refused
from fangxian.registers import sheets
from fangxian.systems.cases.models import Case
from fangxian.systems.command.models import Task
from fangxian.systems.people import lists, merging, services
from fangxian.systems.people.models import ListRow, Merge, Person, SourceList
from fangxian.systems.screening import campaigns
from fangxian.systems.screening.models import Target
from fangxian.workflows import list_matching, person_merge, screening_campaign
from fangxian.workflows.lists import reasons
from tests.unit.people.conftest import id_number

CELL, OTHER = "410883001212001", "410883001212002"
BORN = date(1980, 5, 17)
NUMBERS = {name: id_number(BORN) for name in ("张伟", "李娜", "王芳", "赵强")}
HEADINGS = "姓名,身份证号,联系电话,现住址,出生日期,村\n"
State = ListRow.State


@pytest.fixture
def people(county, everywhere, frozen):
    """张伟 and 李娜 of two cells, 王芳 of the neighbouring county."""
    made = {}
    for name, area, phone in (
        ("张伟", CELL, "13800000001"),
        ("李娜", OTHER, "13800000002"),
        ("王芳", "410882001201", ""),
    ):
        made[name] = services.add_person(
            by=None, area=Area.objects.get(code=area), name=name, id_number=NUMBERS[name], phone=phone,
            address="段西村8号",
        )  # fmt: skip
    return made


def bring(by, *rows: str, origin="公安", name="list 1", area="410883"):
    content = (HEADINGS + "".join(f"{row}\n" for row in rows)).encode("gb18030")
    return list_matching.bring(
        content=content, filename="list.csv", origin=origin, name=name, area=Area.objects.get(code=area), by=by
    )


def matched(by, *rows: str, **how) -> SourceList:
    made, _is_new = bring(by, *rows, **how)
    list_matching.name_columns(made, made.columns, by=by)
    assert jobs.run_pending() == 1
    return lists.source_list(made.pk)


def states(made: SourceList) -> dict[int, str]:
    return dict(lists.rows(made).values_list("number", "state"))


def test_every_row_is_kept_with_who_it_is_and_why(people, officer):
    by, wrong = officer(), NUMBERS["张伟"][:16] + NUMBERS["张伟"][17] + NUMBERS["张伟"][16]
    with scope.of(by):
        made = matched(
            by,
            f"张卫,{NUMBERS['张伟']},,,,",  # the number decides, the name sounds the same
            f"李娜,{NUMBERS['李娜'].lower()},１３８００００００００２,,,",
            f"张伟,{NUMBERS['张伟']},13900000000,,,",  # the first row's person again
            f"赵强,{NUMBERS['赵强']},13700000000,段西村1号,,段西村一网格",
            f"赵强,{NUMBERS['赵强']},,,,",  # nobody known, twice
            f"王芳,{NUMBERS['王芳']},,,,",  # of another county
            "李那,,13800000002,,1980-05-17,",  # sounds the same, phone and day agree
            "张伟,,,,1980-05-17,",  # name and day alone are a question
            "孙丽,,,,,",  # a name alone
            "孙丽,1234567890123,,,昨天,",
            ",,,,,",
        )  # fmt: skip

        assert states(made) == {
            2: "MATCHED", 3: "MATCHED", 4: "REPEATED", 5: "NEW", 6: "REPEATED", 7: "ELSEWHERE", 8: "REPEATED",
            9: "DOUBTFUL", 10: "INVALID", 11: "INVALID",
        }  # fmt: skip
        assert lists.persons_of([made]) == sorted(people[name].pk for name in ("张伟", "李娜"))
        elsewhere = lists.rows(made, State.ELSEWHERE).get()
        assert elsewhere.person is None and elsewhere.reasons == [["area", "410882"]]
        assert made.counts["INVALID"] == 2 and made.upload.reveal() == ""
        assert wrong not in str(made.counts)
        repair = sheets.read(list_matching.repair_sheet(made))
        assert [row[0] for row in repair.rows] == ["孙丽", "孙丽"] and "Birth date" in repair.rows[1][-1]


def test_reasons_are_kept_for_readers_of_either_language(people, officer):
    by = officer()
    with scope.of(by):
        with translation.override("zh-hans"):  # whoever runs the job
            made = matched(by, "孙丽,,,,,")
        kept = [reason for row in lists.rows(made) for reason in row.reasons]
    kept += reasons.of(
        "birth_date", ValidationError(gettext_lazy("“%(text)s” is not a date."), params={"text": "昨天"})
    )

    assert [reasons.shown(reason) for reason in kept] == [
        "A name alone names nobody: give a number, a phone, an address or a birth date.", "“昨天” is not a date.",
    ]  # fmt: skip
    with translation.override("zh-hans"):
        assert [reasons.shown(reason) for reason in kept] == [
            "仅有姓名不能确定是谁：请补充身份证号、电话、住址或出生日期。", "“昨天”不是日期。",
        ]  # fmt: skip


def test_bringing_a_list_again_changes_nothing_and_its_columns_are_remembered(people, officer):
    by = officer()
    with scope.of(by):
        first, is_new = bring(by, f"张伟,{NUMBERS['张伟']},,,,")
        again, is_new_again = bring(by, f"张伟,{NUMBERS['张伟']},,,,")
        assert (is_new, is_new_again, first.pk) == (True, False, again.pk)
        list_matching.name_columns(first, {"name": "姓名"} | {"phone": "联系电话"}, by=by)
        jobs.run_pending()
        other, _new = bring(by, "张伟,,13800000001,,,", name="list 2")
        assert other.columns["name"] == "姓名"
        with pytest.raises(ValidationError, match="matched already"):
            list_matching.name_columns(lists.source_list(first.pk), first.columns, by=by)


@pytest.mark.parametrize(
    ("named", "why"),
    [({"phone": "联系电话"}, "name or the identity"), ({"name": "姓名", "phone": "姓名"}, "two things")],
)
def test_columns_have_to_make_sense(people, officer, named, why):
    by = officer()
    with scope.of(by):
        made, _new = bring(by, "张伟,,,,,")
        with pytest.raises(ValidationError, match=why):
            list_matching.name_columns(made, named, by=by)


def test_matching_goes_on_behind_the_last_row_kept(people, officer, monkeypatch):
    by = officer()
    monkeypatch.setattr(list_matching, "CHUNK", 1)
    with scope.of(by):
        made, _new = bring(by, *(f"张伟,{NUMBERS['张伟']},,,," for _row in range(3)))
        seen = []

        def die(done, total):
            seen.append(done)
            if len(seen) == 2:
                raise RuntimeError("the worker died")

        with pytest.raises(RuntimeError):
            list_matching.match(made, by=by, progress=die)
        assert lists.last_number(made) == 3
        list_matching.match(made, by=by)
        assert states(made) == {2: "MATCHED", 3: "REPEATED", 4: "REPEATED"}


def test_a_person_decides_a_doubtful_row_and_may_take_it_back(people, officer):
    by = officer()
    with scope.of(by):
        made = matched(by, "张伟,,,,1980-05-17,", "张卫,,,,1980-05-17,")
        row = lists.waiting(made)
        assert [one["person"] for one in row.found] == [str(people["张伟"].pk)]
        decided = list_matching.decide(row, people["张伟"], by=by)
        assert (decided.state, decided.decided_by, lists.source_list(made.pk).counts["MATCHED"]) == ("MATCHED", by, 1)
        assert lists.waiting(made, after=decided.number).number == 3
        with pytest.raises(ValidationError, match="settled"):
            list_matching.decide(decided, None, by=by)
        assert lists.reopen(row=decided, by=by).state == State.DOUBTFUL
        with pytest.raises(ValidationError, match="Nobody decided"):
            lists.reopen(row=lists.row(row.pk), by=by)
        assert list_matching.decide(row, None, by=by).state == State.NEW


def test_who_is_new_is_entered_once_whichever_list_came_first(people, officer):
    by = officer()
    with scope.of(by):
        first = matched(
            by,
            f"赵强,{NUMBERS['赵强']},13700000000,段西村1号,,段西村一网格",
            "孙丽,E12345678,,,,",
            "周敏,,13711111111,,,",
        )
        second = matched(by, f"赵强,{NUMBERS['赵强']},,,,", origin="卫健", name="list 2")

        assert list_matching.enter_new(first, by=by) == {"entered": 3, "matched": 0, "refused": 0}
        assert list_matching.enter_new(second, by=by) == {"entered": 0, "matched": 1, "refused": 0}
        assert list_matching.enter_new(first, by=by) == {"entered": 0, "matched": 0, "refused": 0}

        made = Person.objects.get(name="赵强")
        assert (made.area_id, made.birth_date, made.phone.reveal()) == (CELL, BORN, "13700000000")
        assert Person.objects.get(name="孙丽").id_type == "PASSPORT"
        assert lists.persons_of([second]) == [made.pk]


def test_what_cannot_be_entered_says_why(people, officer):
    by = officer()
    with scope.of(by):
        made = matched(by, f",{NUMBERS['赵强']},,,,")
        assert list_matching.enter_new(made, by=by)["refused"] == 1
        assert lists.rows(made).get().state == State.INVALID


def test_only_who_may_import_people_brings_a_list(people, officer):
    with pytest.raises(Refused):
        bring(officer("viewer"), "张伟,,,,,")


def test_a_campaign_looks_for_everybody_once_and_a_second_list_adds_who_is_new(people, officer):
    by, worker = officer(), officer("grid_worker", area=CELL)
    county = Area.objects.get(code="410883")
    with scope.of(by):
        first = matched(by, f"张伟,{NUMBERS['张伟']},,,,")
        second = matched(by, f"张伟,{NUMBERS['张伟']},,,,", f"李娜,{NUMBERS['李娜']},,,,", origin="卫健", name="list 2")
        begin = {"by": by, "area": county, "name": "3·15 排查", "reason": "cold store"}
        begun = screening_campaign.begin(**begin, source_lists=[first])
        assert (begun.added, begun.tasks, begun.outside) == (1, 1, 0)
        again = screening_campaign.begin(**begin, source_lists=[first, second])
        assert (again.added, again.tasks, again.campaign.pk) == (1, 1, begun.campaign.pk)
        assert screening_campaign.begin(**begin, source_lists=[second]).added == 0
        with pytest.raises(ValidationError, match="still to be found"):
            screening_campaign.close(campaign=begun.campaign, by=by)
    task = Task.objects.get(area_id=CELL)
    assert (task.officer, "1 people" in task.title_text) == (worker, True)

    with scope.of(worker):
        target = Target.objects.get()
        assert screening_campaign.report(target=target, outcome="FOUND", by=worker).found_at is not None
    task.refresh_from_db()
    assert task.status == Task.Status.DONE
    with scope.of(by):
        covered = campaigns.coverage(begun.campaign)
        assert [(one.name, one.total, one.reached, one.percent) for one in covered] == [("段西村", 2, 1, 50)]
        assert campaigns.whole(covered).percent == 50
        other = Target.objects.get(area_id=OTHER)
        with pytest.raises(ValidationError, match="Say what was tried"):
            screening_campaign.report(target=other, outcome="NOT_FOUND", by=by)
        screening_campaign.report(target=other, outcome="TRANSFERRED", moved_to="郑州", by=by)
        closed = screening_campaign.close(campaign=begun.campaign, by=by)
        assert closed.closed_at is not None
        with pytest.raises(ValidationError, match="closed"):
            screening_campaign.report(target=other, outcome="DONE", by=by)
        assert list(campaigns.campaigns()) == [closed]
        assert campaigns.targets().count() == 0


def test_done_is_the_end(people, officer):
    by = officer()
    with scope.of(by):
        made = matched(by, f"张伟,{NUMBERS['张伟']},,,,")
        begun = screening_campaign.begin(
            by=by, area=Area.objects.get(code="410883"), name="x", reason="cold store", source_lists=[made]
        )
        target = campaigns.target(Target.objects.get().pk)
        done = screening_campaign.report(target=target, outcome="DONE", by=by)
        assert screening_campaign.report(target=done, outcome="DONE", by=by) == done
        with pytest.raises(ValidationError, match="done already"):
            screening_campaign.report(target=done, outcome="FOUND", by=by)
        assert campaigns.campaign(begun.campaign.pk) == begun.campaign


def test_a_campaign_needs_people_of_its_area(people, officer):
    by = officer()
    with scope.of(by):
        made = matched(by, "周敏,,13711111111,,,")
        with pytest.raises(ValidationError, match="match them first"):
            screening_campaign.begin(
                by=by, area=Area.objects.get(code="410883"), name="x", reason="cold store", source_lists=[made]
            )


def test_a_merge_of_somebody_who_is_a_case_needs_a_second_person(people, officer):
    cell = Area.objects.get(code=CELL)
    again = services.add_person(by=None, area=cell, name="张卫")
    Case.objects.create(id=uuid7(), area=cell, person=again, disease="covid19", number="C1")
    first, second = officer(), officer()
    with scope.of(first):
        asked = person_merge.merge(winner=people["张伟"].pk, loser=again.pk, reason="same person", by=first)
        assert asked.state == Merge.State.PROPOSED
        agreed = person_merge.agree(asked, by=second)
        assert agreed.state == Merge.State.IN_FORCE
        undone, _done = person_merge.undo(agreed, reason="brothers", by=first)
        assert undone.state == Merge.State.UNDONE
        another = person_merge.merge(winner=people["张伟"].pk, loser=again.pk, reason="same person", by=first)
        assert person_merge.refuse(another, reason="brothers", by=second).state == Merge.State.REFUSED
        assert merging.Merge.objects.count() == 2
