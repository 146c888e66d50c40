"""The faces of a register as somebody before them uses them: a browser that sends what a form holds, and calls."""

import itertools
import json
from html.parser import HTMLParser
from urllib.parse import quote

from allauth.mfa.models import Authenticator
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse

from fangxian.core.officers import Officer, Post
from fangxian.core.roles import ROLES
from fangxian.registers import sheets

_count = itertools.count(1)


def everything(area: str = "410883") -> Officer:
    """An officer with every post of an area but the administrations: only areas limit what is seen."""
    made = Officer.objects.create_officer(f"all{next(_count)}", name=f"全{next(_count)}", language="en")
    held = [key for key, role in ROLES.items() if not role.administration]
    Post.objects.bulk_create([Post(officer=made, role=key, area_id=area) for key in held])
    return made


class Faces:
    """The web pages and the interface of one register, for one officer (None: nobody signed in)."""

    def __init__(self, register, officer: Officer | None = None):
        self.register, self.officer, self.client = register, officer, Client(headers={"accept-language": "en"})
        if officer is not None:
            officer.language = "en"
            officer.save()
            Authenticator.objects.get_or_create(user=officer, type=Authenticator.Type.TOTP, defaults={"data": {}})
            self.client.force_login(officer, backend="allauth.account.auth_backends.AuthenticationBackend")

    # --- pages ---

    def address(self, page: str, pk=None) -> str:
        """Where a page of the register is; `page` is what follows `register_` in the name of its address."""
        if page in ("csv", "xlsx"):
            return reverse("register_export", args=[self.register.slug, page])
        if page == "lookup":
            return reverse("lookup_records", args=[self.register.slug])
        name = "register" if page == "list" else f"register_{page}"
        return reverse(name, args=[self.register.slug, *([pk] if pk else [])])

    def get(self, page: str, pk=None, query: str = "", **headers):
        """Open a page."""
        return self.client.get(self.address(page, pk) + query, headers=headers)

    def post(self, page: str, pk=None, data=None, query: str = ""):
        """Send a page's form."""
        return self.client.post(self.address(page, pk) + query, data or {})

    def upload(self, headings: list[str], *rows: list[str]):
        """Send a sheet; the answer is the page that says what was tried."""
        file = SimpleUploadedFile("sheet.csv", "".join(sheets.write_csv(headings, rows)).encode())
        return self.client.post(self.address("import"), {"file": file}, follow=True)

    # --- interface ---

    def api(self, method: str, path: str = "", body=None, **headers: str):
        """Call an operation of the register."""
        content = "" if body is None else json.dumps(body, default=str)
        given = {name.replace("_", "-"): value for name, value in headers.items()}
        address = f"/api/registers/{self.register.slug}{path}"
        return self.client.generic(method, address, content, content_type="application/json", headers=given)

    def bulk(self, *rows: dict, key: str = "every-face-1"):
        """Many rows at once."""
        return self.api("POST", "/bulk", {"rows": rows}, Idempotency_Key=key)

    # --- all that show rows ---

    def lists(self) -> dict[str, str]:
        """What each face that shows many rows says, as text; those the register has not are left out."""
        said = {
            "list": self.get("list"),
            "rows": self.get("list", HX_Request="true", HX_Target="rows"),
            "lookup": self.get("lookup"),
            "api list": self.api("GET"),
        }
        if self.register.may(self.officer, "export"):
            said |= {"csv": self.get("csv"), "xlsx": self.get("xlsx"), "api csv": self.api("GET", "/export.csv")}
        assert {name: answer.status_code for name, answer in said.items()} == dict.fromkeys(said, 200)
        return {name: text(answer) for name, answer in said.items()}

    def details(self, pk) -> dict[str, str]:
        """What each face that shows one row says."""
        said = {f"tab {tab}": self.get("record", pk, f"?tab={tab}") for tab in ("facts", "related", "history", "tasks")}
        said["api get"] = self.api("GET", f"/{pk}")
        if not self.register.read_only:
            said["form"] = self.get("change", pk)
        if self.register.secrets:
            said["unmask"] = self.get("unmask", pk)
        assert {name: answer.status_code for name, answer in said.items()} == dict.fromkeys(said, 200)
        return {name: text(answer) for name, answer in said.items()}


def text(response) -> str:
    """An answer as text; the cells of a workbook."""
    content = response.getvalue()
    if content.startswith(b"PK"):
        table = sheets.read(content)
        return "\n".join("\t".join(map(str, row)) for row in [table.headings, *table.rows])
    return content.decode()


class _Form(HTMLParser):
    """The fields of the page's register form with what a browser would send back."""

    def __init__(self):
        super().__init__()
        self.values, self._inside, self._select, self._area = {}, False, "", ""

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        if tag == "form":
            self._inside = "fx-form" in given.get("class", "")
        elif self._inside and tag == "input" and given.get("name"):
            self._input(given)
        elif self._inside and tag == "select":
            self._select = given["name"]
        elif self._select and tag == "option" and ("selected" in given or self._select not in self.values):
            self.values[self._select] = given.get("value", "")
        elif self._inside and tag == "textarea":
            self._area = given["name"]
            self.values[self._area] = ""

    def handle_endtag(self, tag):
        self._inside = self._inside and tag != "form"
        self._select = "" if tag == "select" else self._select
        self._area = "" if tag == "textarea" else self._area

    def handle_data(self, data):
        if self._area:
            self.values[self._area] += data

    def _input(self, given: dict) -> None:
        ticked = given.get("type") in ("checkbox", "radio")
        if not ticked or "checked" in given:
            self.values[given["name"]] = given.get("value", "on" if ticked else "")


def filled(response) -> dict[str, str]:
    """What a browser would send if the form of this page were sent as it is."""
    form = _Form()
    form.feed(text(response))
    return {name: value.removeprefix("\n") for name, value in form.values.items()}


def quoted(value: str) -> str:
    """A value for an address."""
    return quote(value, safe="")
