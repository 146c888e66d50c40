"""Files of a record: recognised by content, encrypted, counted, each act recorded."""

import pytest
from django.core.exceptions import ValidationError

from fangxian.core import scope
from fangxian.core.areas import Area
from fangxian.core.audit import AuditEntry
from fangxian.registers import attachments
from fangxian.registers.attachments import Attachment, AttachmentContent
from fangxian.registers.behaviours import Followed
from fangxian.systems.screening import services as screening

JPEG = b"\xff\xd8\xff\xe0" + b"the mended door" * 20
PDF = b"%PDF-1.7 a signed list"

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(county):
    with scope.everywhere("test data"):
        area = Area.objects.get(code="410883001212")
        yield screening.add_place(by=None, area=area, name="红星超市", kind="SHOP")


def test_a_file_is_stored_encrypted_and_read_back(place, officer):
    someone = officer()
    made = attachments.attach(place, name="door.jpg", content=JPEG, by=someone)

    stored = bytes(AttachmentContent.objects.get(pk=made.pk).sealed)
    assert b"the mended door" not in stored and stored.startswith(b"fx1:")
    assert (made.media_type, made.size, made.is_image, str(made)) == ("image/jpeg", len(JPEG), True, "door.jpg")
    assert attachments.read(place, made.pk, by=someone) == (made, JPEG)
    acts = AuditEntry.objects.filter(target_id=str(place.pk)).values_list("action", flat=True)
    assert list(acts)[-2:] == ["screening.place.attached", "screening.place.file_read"]


def test_the_file_of_one_record_is_none_of_another(place, officer):
    other = screening.add_place(by=None, area=place.area, name="绿叶超市", kind="SHOP")
    made = attachments.attach(place, name="list.pdf", content=PDF, by=officer())
    with pytest.raises(Attachment.DoesNotExist):
        attachments.read(other, made.pk, by=officer())


def test_sending_it_again_is_harmless(place):
    first = attachments.attach(place, name="door.jpg", content=JPEG, by=None)
    assert attachments.attach(place, name="again.jpg", content=JPEG, by=None) == first
    assert attachments.of(place).count() == 1


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("empty.pdf", b"", "empty"),
        ("page.html", b"<script>alert(1)</script>", "Photos and papers only"),
        ("page.pdf", b"<script>alert(1)</script>", "Photos and papers only"),
        ("photo.pdf", JPEG, "Photos and papers only"),
        ("macro.docm", b"PK\x03\x04rest", "Photos and papers only"),
        ("nothing", PDF, "Photos and papers only"),
        ("large.pdf", PDF + b"x" * attachments.MOST_BYTES, "larger than 8 MB"),
    ],
)
def test_what_cannot_be_taken_says_why(place, name, content, reason):
    with pytest.raises(ValidationError) as refused:
        attachments.attach(place, name=name, content=content, by=None)
    assert reason in " ".join(refused.value.messages)
    assert not attachments.of(place).exists()


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.PNG", b"\x89PNG\r\n\x1a\nrest"),
        ("a.webp", b"RIFF\x10\x00\x00\x00WEBPVP8 "),
        ("a.heic", b"\x00\x00\x00\x18ftypheic"),
        ("C:\\Users\\zhang\\list.xlsx", b"PK\x03\x04rest"),
    ],
)
def test_kinds_that_phones_and_offices_make(place, name, content):
    assert "\\" not in attachments.attach(place, name=name, content=content, by=None).name


def test_a_record_takes_only_so_many(place, monkeypatch):
    monkeypatch.setattr(attachments, "MOST_FILES", 1)
    attachments.attach(place, name="a.pdf", content=PDF, by=None)
    with pytest.raises(ValidationError, match="1 files"):
        attachments.attach(place, name="b.jpg", content=JPEG, by=None)


def test_removing_needs_a_reason_and_leaves_no_content(place, officer):
    someone = officer()
    made = attachments.attach(place, name="door.jpg", content=JPEG, by=someone)
    with pytest.raises(ValidationError):
        attachments.remove(place, made.pk, by=someone, reason=" ")

    attachments.remove(place, made.pk, by=someone, reason="wrong door")
    assert not attachments.of(place).exists() and not AttachmentContent.objects.exists()
    kept = Attachment.objects.get(pk=made.pk)
    assert (kept.removed_by, kept.removal_reason) == (someone, "wrong door")
    assert attachments.attach(place, name="door.jpg", content=JPEG, by=someone) != made


def test_a_followed_kind_has_to_say_its_days():
    with pytest.raises(NotImplementedError):
        Followed.followed_days(object())


def test_content_names_its_file(place):
    made = attachments.attach(place, name="list.pdf", content=PDF, by=None)
    assert str(made.stored) == str(made.pk)
