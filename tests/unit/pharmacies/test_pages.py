"""The pages of pharmacies, as a clerk of one till and the command of the county use them."""

import io
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from fangxian.core import clock, jobs, scope
from fangxian.core.clock import today
from fangxian.systems.pharmacies import selectors, services
from fangxian.systems.pharmacies.models import CallBack, Product, Sale, TillTotal

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("frozen")]
WANG = {"name": "王建国", "id_number": "410883198002030017", "phone": "13812345678"}


@pytest.fixture
def desk(clerk):
    client = Client(headers={"accept-language": "en"})
    client.force_login(clerk)
    return client


def opened(client, name, *args, **query) -> str:
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200
    return answer.content.decode()


def rung(pharmacy, code="B1", count=1, **values) -> dict:
    with scope.everywhere("test"):
        product = Product.objects.get(pharmacy=pharmacy, code=code)
    return {f"q-{product.pk}": count, **values}


def sold(desk, pharmacy, **values):
    return desk.post(reverse("till", args=[pharmacy.pk]), rung(pharmacy, **values))


def test_a_clerk_lands_at_the_till_and_sells(desk, pharmacy):
    assert desk.get("/", follow=True).redirect_chain[-1][0] == reverse("till", args=[pharmacy.pk])
    answer = sold(desk, pharmacy, **WANG, temperature="38.1", symptom=["Cough"], seconds="9")
    assert answer.url == reverse("till", args=[pharmacy.pk])
    page = desk.get(answer.url).content.decode()
    assert "Sold. Receipt" in page and "9 s" in page and "send the buyer to a fever clinic" in page
    with scope.everywhere("test"):
        (sale,) = Sale.objects.all()
    assert (sale.symptoms, sale.is_fever, sale.source) == ("Cough", True, "web")


def test_a_buyer_is_found_again_and_no_number_is_shown(desk, pharmacy):
    sold(desk, pharmacy, **WANG)
    found = opened(desk, "till_buyers", pharmacy.pk, who="王建")
    assert "王建国" in found and WANG["phone"] not in found and WANG["id_number"] not in found
    with scope.everywhere("test"):
        earlier = Sale.objects.get()
    sold(desk, pharmacy, buyer=earlier.pk)
    with scope.everywhere("test"):
        assert len(set(Sale.objects.values_list("person", flat=True))) == 1 and Sale.objects.count() == 2
    assert "No earlier buyer" in opened(desk, "till_buyers", pharmacy.pk, who="赵秀")


def test_what_the_ladder_forbids_is_refused_and_nothing_typed_is_lost(desk, pharmacy, ladder):
    ladder(FEVER="STOPPED")
    answer = sold(desk, pharmacy, **WANG)
    page = answer.content.decode()
    assert answer.status_code == 422 and "do not hand it out" in page and "王建国" in page and "Sale stopped" in page
    answer = sold(desk, pharmacy, temperature="99")
    assert answer.status_code == 422 and "Temperature" in answer.content.decode()
    assert desk.post(reverse("till", args=[pharmacy.pk]), {}).status_code == 422
    with scope.everywhere("test"):
        assert not Sale.objects.exists()


def test_a_clerk_sees_nothing_of_another_pharmacy(desk, clerk, pharmacy, other):
    """On every face: pages, ledgers, search, interface, writing through the form and by file."""
    with scope.everywhere("test"):
        theirs = services.sell(by=None, pharmacy=other, items="B1", temperature=38, **WANG)
        jobs.run_pending()
        call = CallBack.objects.get()
    for name in ("till", "pharmacy", "till_buyers"):
        assert desk.get(reverse(name, args=[other.pk])).status_code == 404, name
    for name, pk in (("sale_take_back", theirs.pk), ("pharmacy_call", call.pk), ("pharmacy_totals", other.pk)):
        assert desk.post(reverse(name, args=[pk]), {"reason": "x", "outcome": "WELL"}).status_code == 404, name
    for slug, pk in (("sale", theirs.pk), ("pharmacy", other.pk), ("callback", call.pk)):
        assert desk.get(reverse("register_record", args=[f"pharmacies.{slug}", pk])).status_code == 404, slug
        assert desk.get(f"/api/registers/pharmacies.{slug}/{pk}").status_code == 404, slug
        assert desk.get(f"/api/registers/pharmacies.{slug}").json()["count"] == (1 if slug == "pharmacy" else 0), slug
    for query in ("", "?q=王建", f"?q={WANG['phone']}", "?area=410883001"):
        assert "王建国" not in desk.get(reverse("register", args=["pharmacies.sale"]) + query).content.decode()
    row = {
        "area": "410883001",
        "pharmacy": str(other.pk),
        "receipt": "X1",
        "items": "B1*1",
        "sold_at": "2022-03-14 10:00",
    }
    assert desk.post("/api/registers/pharmacies.sale", row, content_type="application/json").status_code == 422
    bulk = desk.post("/api/registers/pharmacies.sale/bulk", {"rows": [row]}, content_type="application/json",
                     headers={"idempotency-key": "a-key-of-its-own"})  # fmt: skip
    assert bulk.json()["rejected"] == 1
    assert desk.get(reverse("register", args=["people.person"])).status_code == 403
    assert (
        desk.post("/api/registers/pharmacies.clerk", {"officer": clerk.pk}, content_type="application/json").status_code
        == 403
    )
    with scope.everywhere("test"):
        assert Sale.objects.count() == 1


def test_a_bulk_call_is_taken_once(desk, pharmacy):
    row = {"area": "410883001", "pharmacy": str(pharmacy.pk), "items": "B1*2", "sold_at": "2022-03-14 10:00", **WANG}
    body = {"rows": [{**row, "receipt": "R1"}, {**row, "receipt": "R2", "items": "X9"}]}
    key = {"idempotency-key": "a-key-of-its-own"}
    first = desk.post("/api/registers/pharmacies.sale/bulk", body, content_type="application/json", headers=key).json()
    again = desk.post("/api/registers/pharmacies.sale/bulk", body, content_type="application/json", headers=key).json()
    assert first == again and (first["inserted"], first["rejected"]) == (1, 1)
    assert first["rejects"][0]["field"] == "items"
    later = desk.post("/api/registers/pharmacies.sale/bulk", body, content_type="application/json",
                      headers={"idempotency-key": "another-key"}).json()  # fmt: skip
    assert (later["inserted"], later["unchanged"], later["rejected"]) == (0, 1, 1)


def test_a_file_of_the_till_is_tried_then_kept(desk, pharmacy):
    text = "Receipt,Sold at,Items,Buyer,Phone\nR1,2022-03-14 10:00,B1*2,王建国,13812345678\nR2,2022-03-14 11:00,X9,,\n"
    file = io.BytesIO(text.encode())
    file.name = "till.csv"
    tried = desk.post(reverse("pharmacy_file", args=[pharmacy.pk]), {"what": "sales", "file": file})
    page = desk.get(tried.url).content.decode()
    assert "no product with the code: X9" in page
    with scope.everywhere("test"):
        assert not Sale.objects.exists()
    desk.post(tried.url + "confirm/")
    with scope.everywhere("test"):
        assert Sale.objects.get().receipt == "R1"
    nothing = desk.post(reverse("pharmacy_file", args=[pharmacy.pk]), {"what": "sales"}, follow=True)
    assert "Choose the file" in nothing.content.decode()


def test_the_day_compares_reports_and_calls(desk, pharmacy):
    sold(desk, pharmacy, count=2, **WANG, temperature="38.5")
    jobs.run_pending()
    page = opened(desk, "pharmacy", pharmacy.pk)
    assert "The till has not reported it" in page and "To call back" in page and WANG["phone"] not in page
    with scope.everywhere("test"):
        product = Product.objects.get(pharmacy=pharmacy, code="B1")
        call, sale = CallBack.objects.get(), Sale.objects.get()
    address = reverse("pharmacy_totals", args=[pharmacy.pk])
    desk.post(address, {"day": today().isoformat(), f"t-{product.pk}": "3"})
    assert "1 product differs" in opened(desk, "pharmacy", pharmacy.pk)
    desk.post(address, {"day": today().isoformat(), f"t-{product.pk}": "2"})
    assert "Agrees" in opened(desk, "pharmacy", pharmacy.pk)
    desk.post(reverse("pharmacy_call", args=[call.pk]), {"outcome": "WELL"})
    assert "To call back" not in opened(desk, "pharmacy", pharmacy.pk)
    desk.post(reverse("sale_take_back", args=[sale.pk]), {"reason": "brought back"})
    assert "Volume only" in opened(desk, "pharmacy", pharmacy.pk)
    assert "Nothing is known of this day" in opened(desk, "pharmacy", pharmacy.pk, day="2022-03-01")
    desk.post(address, {"day": "2022-03-01", "nothing": "1"})
    with scope.everywhere("test"):
        assert TillTotal.objects.filter(day="2022-03-01", quantity=0).count() == 3


def test_the_county_sees_who_is_silent_and_what_was_wrong(officer, pharmacy, other, ladder):
    ladder(FEVER="STOPPED", COUGH="REAL_NAME")
    with scope.everywhere("test"):
        midnight = selectors.bounds(today())[0]
        services.take_over(by=None, pharmacy=pharmacy, items="B1", receipt="R1", sold_at=midnight)
        services.nothing_sold(by=None, pharmacy=pharmacy, day=today() - timedelta(days=1))
    boss = Client(headers={"accept-language": "en"})
    who = officer("township_officer")
    with clock.frozen(midnight + timedelta(minutes=1)):  # the day before is not to be there before ten
        boss.force_login(who)
        early = boss.get(reverse("pharmacies"), follow=True).content.decode()
        assert "Not due yet" in early and ">Silent<" not in early
    with clock.frozen(midnight + timedelta(hours=10, minutes=1)):
        boss = Client(headers={"accept-language": "en"})
        boss.force_login(who)
        page = boss.get(reverse("pharmacies"), follow=True).content.decode()
    assert ">Silent<" in page
    assert "Sold although the sale is stopped" in page and "Silent" in page and "1 / 2" in page
    assert "Sale stopped" in page and "Real-name register" in page


def test_an_empty_county_teaches_and_a_clerk_without_a_till_is_told(officer, county):
    boss = Client(headers={"accept-language": "en"})
    boss.force_login(officer("township_officer"))
    assert "No pharmacy is on record" in opened(boss, "pharmacies_overview")
    nobody = Client(headers={"accept-language": "en"})
    nobody.force_login(officer("pharmacy_clerk"))
    assert "You are at no till" in opened(nobody, "pharmacies")
