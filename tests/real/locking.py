"""Files that the real LibreOffice saved with a password, as an agency's own word processor does."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

from portal.documents.convert import REGISTRY

_MODULE = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<!DOCTYPE script:module PUBLIC '
    '"-//OpenOffice.org//DTD OfficeDocument 1.0//EN" "module.dtd">\n<script:module '
    'xmlns:script="http://openoffice.org/2000/script" script:name="Module1" '
    'script:language="StarBasic">{body}</script:module>'
)
_SAVE = """
Sub Main
  Dim a(0) As New com.sun.star.beans.PropertyValue
  Dim b(1) As New com.sun.star.beans.PropertyValue
  a(0).Name = "Hidden"
  a(0).Value = True
  d = StarDesktop.loadComponentFromURL("{source}", "_blank", 0, a())
  b(0).Name = "FilterName"
  b(0).Value = "{way}"
  b(1).Name = "Password"
  b(1).Value = "{password}"
  d.storeToURL("{target}", b())
  d.close(True)
End Sub
"""
_OLD_WAY = (
    '<oor:items xmlns:oor="http://openoffice.org/2001/registry">'
    '<item oor:path="/org.openoffice.Office.Common/Save/ODF"><prop oor:name="DefaultVersion" '
    'oor:op="fuse"><value>2</value></prop></item></oor:items>'
)
WAYS = {"odt": "writer8", "old odt": "writer8", "doc": "MS Word 97"}


def locked(clear: bytes, way: str, password: str, folder: Path) -> bytes:
    """The .odt `clear`, saved by LibreOffice in one of `WAYS`, behind a password of plain letters.

    An "old odt" is locked as office programs did before 2012.
    """
    profile, source, target = folder / "profile", folder / "clear.odt", folder / "locked"
    registry = profile / REGISTRY.lstrip("/")
    registry.parent.mkdir(parents=True)
    if way == "old odt":
        registry.write_text(_OLD_WAY)
    source.write_bytes(clear)
    _start(profile, "--terminate_after_init")  # for the first start lays out a profile anew
    asked = {"source": source.as_uri(), "target": target.as_uri(), "way": WAYS[way]}
    body = _SAVE.format(password=password, **asked)
    module = profile / "user" / "basic" / "Standard" / "Module1.xba"
    module.write_text(_MODULE.format(body=body))
    _start(profile, "macro:///Standard.Module1.Main")
    return target.read_bytes()


def _start(profile: Path, what: str) -> None:
    program = shutil.which("soffice")
    assert program is not None
    told = f"-env:UserInstallation={profile.as_uri()}"
    asked = [program, told, "--headless", "--norestore", what]
    subprocess.run(asked, check=True, capture_output=True, timeout=120)
