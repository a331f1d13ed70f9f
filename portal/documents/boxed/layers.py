"""Keeps hidden layers hidden (ISO 32000-1, 8.11) when pages are rebuilt or move to a pack."""

from __future__ import annotations

from pikepdf import Array, Dictionary, Name, Object, Pdf, String

from portal.documents.boxed import keys

Ids = set[tuple[int, int]]


def hidden(pdf: Pdf) -> Ids:
    """The layers that are off when the file is opened to be read.

    Where readers differ (a layer's own Usage against the file's default), off wins: what a
    sender may have meant to hide is not shown.
    """
    default, groups = _default(pdf), _groups(pdf)
    on, off = _ids(default.get("/ON")), _ids(default.get("/OFF"))
    if default.get("/BaseState") == Name.OFF:
        off |= {group.objgen for group in groups} - on
    for group in groups:
        if _view_state(group) == Name.OFF:
            off.add(group.objgen)
        elif _view_state(group) == Name.ON and group.objgen in _automatic(default):
            off.discard(group.objgen)
    return off


def is_off(membership: object, off: Ids) -> bool:
    """Whether something that belongs to this layer, or to this group of layers, is hidden."""
    if not isinstance(membership, Dictionary):
        return False
    if membership.get("/Type") != Name.OCMD:
        return membership.objgen in off
    groups = membership.get("/OCGs")
    members = list(groups) if isinstance(groups, Array) else [groups]
    states = [member.objgen not in off for member in members if isinstance(member, Dictionary)]
    if not states:
        return False
    if "/VE" in membership:
        return not all(states)
    shown = {"/AllOn": all(states), "/AnyOff": not all(states), "/AllOff": not any(states)}.get(
        str(membership.get("/P")), any(states)
    )
    return not shown


def rewrite(pdf: Pdf, off: Ids) -> None:
    """Replace the file's layer settings by the bare list of layers and which are off.

    No order is given, so that readers offer no switch for them; names say nothing.
    """
    groups = _groups(pdf)
    if not groups:
        keys.drop(pdf.Root, "/OCProperties")
        return
    for number, group in enumerate(groups, 1):
        keys.keep(group, {"/Type"})
        group.Type, group.Name = Name.OCG, String(f"Layer {number}")
    _set(pdf, groups, [group for group in groups if group.objgen in off])


def carry(source: Pdf, target: Pdf) -> None:
    """Add `source`'s layers, as `rewrite` left them, to `target`, into which its pages moved."""
    groups = _groups(source)
    if not groups:
        return
    off = hidden(source)
    now = _groups(target)
    now_off = [group for group in now if group.objgen in hidden(target)]
    for group in groups:
        moved = target.copy_foreign(group)
        now.append(moved)
        if group.objgen in off:
            now_off.append(moved)
    _set(target, now, now_off)


def _set(pdf: Pdf, groups: list[Object], off: list[Object]) -> None:
    pdf.Root.OCProperties = Dictionary(
        OCGs=Array(groups), D=Dictionary(OFF=Array(off), Order=Array([]), AS=Array([]))
    )


def _properties(pdf: Pdf) -> Object:
    found = pdf.Root.get("/OCProperties")
    return found if isinstance(found, Dictionary) else Dictionary()


def _default(pdf: Pdf) -> Object:
    found = _properties(pdf).get("/D")
    return found if isinstance(found, Dictionary) else Dictionary()


def _groups(pdf: Pdf) -> list[Object]:
    found = _properties(pdf).get("/OCGs")
    return [group for group in list(found) if _is_layer(group)] if isinstance(found, Array) else []


def _is_layer(group: object) -> bool:
    return isinstance(group, Dictionary) and group.is_indirect and group.get("/Type") == Name.OCG


def _ids(groups: object) -> Ids:
    if not isinstance(groups, Array):
        return set()
    return {group.objgen for group in list(groups) if isinstance(group, Dictionary)}


def _view_state(group: Object) -> object:
    usage = group.get("/Usage")
    view = usage.get("/View") if isinstance(usage, Dictionary) else None
    return view.get("/ViewState") if isinstance(view, Dictionary) else None


def _automatic(default: Object) -> Ids:
    found: Ids = set()
    rules = default.get("/AS")
    for rule in list(rules) if isinstance(rules, Array) else []:
        if isinstance(rule, Dictionary) and rule.get("/Event") == Name.View:
            found |= _ids(rule.get("/OCGs"))
    return found
