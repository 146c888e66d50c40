"""The real settings on a throw-away data folder; only what would slow tests down is different."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from fangxian.core.keys import KeyRing

_folder = Path(tempfile.mkdtemp(prefix="fangxian-tests-"))
atexit.register(shutil.rmtree, _folder, ignore_errors=True)
os.environ["FANGXIAN_DATA"] = str(_folder / "data")
os.environ["FANGXIAN_KEYS"] = str(_folder / "keys.json")
(_folder / "data").mkdir()
KeyRing.create(_folder / "keys.json")

from fangxian.config.settings import *  # noqa: E402, F403  (needs the folder above)
from fangxian.config.settings import DATABASES, MIDDLEWARE  # noqa: E402

DATABASES["default"]["TEST"] = {
    "NAME": None if "postgresql" in DATABASES["default"]["ENGINE"] else str(_folder / "test.sqlite")
}
MIDDLEWARE = [name for name in MIDDLEWARE if "static_files" not in name]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
LANGUAGE_CODE = "en"  # tests compare messages by their ids; pages are tested in both languages
