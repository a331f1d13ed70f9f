"""`portal open-area`: one more area, of its own in everything but the installation."""

from __future__ import annotations

import shutil
from pathlib import Path

import mintotp
import pytest
from click.testing import CliRunner, Result

from portal.cli import main
from portal.cli.installation import settings_of
from portal.domain.people import Account, Role
from portal.journeys.across.act_in import act_in
from portal.journeys.house import House
from portal.journeys.keys.directory import confirmed_keys
from portal.journeys.keys.unit_of import open_unit_of
from portal.journeys.keys.unit_recipient import unit_recipient
from portal.journeys.signing_in.attempting import NotRight
from portal.journeys.signing_in.recall import Recalled, recall
from portal.journeys.signing_in.sign_in import give_code, give_passphrase
from portal.journeys.signing_in.throttling import Source
from portal.records import areas, people, sessions
from portal.records.database import reading
from portal.records.sessions import Stage
from portal.wiring import wire
from tests.cli.installed import ANSWERS, PASSPHRASE, Installed, run
from tests.cli.test_backup import back_up, restore, signs_in

HERE = Source("127.0.0.1")
SOUTH = ANSWERS | {
    "--area": "Southmere",
    "--unit-email": "unit@southmere.example",
    "--phone": "01632 961 000",
    "--name": "Olga Petrie",
    "--email": "olga@southmere.example",
    "--own-phone": "01632 961 001",
}
OLGAS = "umbrella quarry mostly velvet oxbow"


@pytest.fixture
def held(made: Installed, installed: Installed) -> Installed:
    shutil.copytree(made.sheets, installed.sheets)
    return installed


def opens(at: Installed, typed: str = "", back: Path | None = None, **changed: str) -> Result:
    """Southmere, with every question answered; `typed` at the terminal."""
    folder = at.data.parent
    file = folder / "olga-passphrase"
    file.write_text(changed.pop("passphrase", OLGAS) + "\n")
    answers = SOUTH | {f"--{name.replace('_', '-')}": value for name, value in changed.items()}
    answers.pop("--base-url")
    words = ["open-area", "--data", str(at.data)]
    for option, value in answers.items():
        words += [option, value]
    words += ["--passphrase-file", str(file), "--custodian-sheets", str(folder / "south-sheets")]
    words += ["--read-back", str(back or folder / "south-sheets")]
    words += ["--secret-file", str(folder / "olga-secret"), "--codes-file", str(folder / "o-codes")]
    return CliRunner().invoke(main, words, input=typed)


def house_of(data: Path) -> House:
    return wire(settings_of(data)).house


def signed_in(house: House, email: str, passphrase: str, secret: str) -> Recalled:
    half = recall(house, give_passphrase(house, email, passphrase, HERE))
    assert isinstance(half, Recalled)
    code = mintotp.hotp(secret, int(house.clock.now().timestamp()) // 30 + 1)
    whole = recall(house, give_code(house, half, code, HERE, shared=False).secret)
    assert isinstance(whole, Recalled)
    return whole


def code_of(at: Installed) -> str:
    """Helen's next code."""
    house = house_of(at.data)
    step = int(house.clock.now().timestamp()) // 30 + 1
    house.engine.dispose()
    return mintotp.hotp(at.secret.read_text().strip(), step)


def sheets_of(at: Installed) -> Path:
    return at.data.parent / "south-sheets"


def test_a_newcomer_opens_it_and_sees_nothing_of_the_first(held: Installed) -> None:
    result = opens(held)
    assert result.exit_code == 0, result.output
    house = house_of(held.data)
    olga = signed_in(
        house, SOUTH["--email"], OLGAS, (held.data.parent / "olga-secret").read_text().strip()
    )
    with reading(house.engine) as db:
        first, second = areas.all_areas(db)
        assert {first.name, second.name} == {"Northmere", "Southmere"}
        south = second if second.name == "Southmere" else first
        north = first if south is second else second
        units = {area.id: unit_recipient(house, db, area.id).fingerprint for area in (north, south)}
        assert len(set(units.values())) == 2
        assert open_unit_of(house, db, olga.who()).public.fingerprint == units[south.id]
        assert set(confirmed_keys(house, db, south.id)) == {olga.person.id}
        assert olga.person.id not in people.of_area(db, north.id)
    assert olga.elsewhere == ()
    assert act_in(house, olga, north.id) is None
    house.engine.dispose()
    signs_in(held.data, held.secret.read_text().strip())
    assert run("ledger", "verify", "--data", held.data, "--area", "Southmere").exit_code == 0


def test_whoever_has_an_account_opens_it_with_that(held: Installed) -> None:
    result = opens(
        held, f"{code_of(held)}\n", name="Helen Marsh", email=ANSWERS["--email"],
        passphrase=PASSPHRASE,
    )  # fmt: skip
    assert result.exit_code == 0, result.output
    assert "has an account here" in result.output
    assert not (held.data.parent / "olga-secret").exists()
    house = house_of(held.data)
    with reading(house.engine) as db:
        rows = [
            person
            for area in areas.all_areas(db)
            for person in people.of_area(db, area.id).values()
            if person.email == ANSWERS["--email"]
        ]
    assert len(rows) == 2
    assert len({row.account_id for row in rows}) == 1
    assert {row.account for row in rows} == {Account.ENROLLED}
    (south,) = [row for row in rows if not row.at_home]
    assert south.roles == frozenset({Role.COORDINATOR})
    half = recall(house, give_passphrase(house, ANSWERS["--email"], PASSPHRASE, HERE))
    assert isinstance(half, Recalled)
    house.engine.dispose()


def test_a_passphrase_they_have_is_not_judged_as_a_new_one(held: Installed) -> None:
    """A newcomer's may not be made of the area's name; theirs was chosen before there was one."""
    named = "Lantern Quarry Mostly Velvet Oxbow"
    refused = opens(held, area=named, passphrase=PASSPHRASE)
    assert refused.exit_code == 1
    assert "passphrase" in refused.output
    result = opens(
        held, f"{code_of(held)}\n", area=named, name="Helen Marsh", email=ANSWERS["--email"],
        passphrase=PASSPHRASE,
    )  # fmt: skip
    assert result.exit_code == 0, result.output


@pytest.mark.parametrize("name", ["Olga Petrie", "Helen Marsh"])
def test_an_empty_passphrase_file_opens_nothing(held: Installed, name: str) -> None:
    email = ANSWERS["--email"] if name == "Helen Marsh" else SOUTH["--email"]
    result = opens(held, name=name, email=email, passphrase="")
    assert result.exit_code == 1
    assert "passphrase file is empty" in result.output
    house = house_of(held.data)
    with reading(house.engine) as db:
        assert len(areas.all_areas(db)) == 1
    house.engine.dispose()


@pytest.mark.parametrize(
    ("passphrase", "typed"), [(OLGAS, "000000\n"), (PASSPHRASE, "000000\n"), (OLGAS, "")]
)
def test_a_wrong_passphrase_or_code_gives_nothing(
    held: Installed, passphrase: str, typed: str
) -> None:
    """The area is there and has nobody; its custodians bring a co-ordinator in."""
    result = opens(
        held, typed, name="Helen Marsh", email=ANSWERS["--email"], passphrase=passphrase
    )  # fmt: skip
    assert result.exit_code == 1
    house = house_of(held.data)
    with reading(house.engine) as db:
        south = next(a for a in areas.all_areas(db) if a.name == "Southmere")
        assert confirmed_keys(house, db, south.id) == {}
        assert {p.account for p in people.of_area(db, south.id).values()} <= {Account.INVITED}
    house.engine.dispose()
    file = held.data.parent / "tom-passphrase"
    file.write_text("lantern " + OLGAS + "\n")
    again = run(
        "kit", "bring-back", "--data", held.data, "--area", "Southmere", "--custodian-sheets",
        sheets_of(held), "--name", "Tom Baines", "--email", "tom@southmere.example", "--own-phone",
        "01632 961 009", "--job", "Co-ordinator", "--agency", "Probation Service",
        "--passphrase-file", file, "--secret-file", held.data.parent / "tom-secret",
        "--codes-file", held.data.parent / "tom-codes",
    )  # fmt: skip
    assert again.exit_code == 0, again.output
    house = house_of(held.data)
    with reading(house.engine) as db:
        assert len(confirmed_keys(house, db, south.id)) == 1
    house.engine.dispose()


def living(house: House) -> int:
    """How many of Helen's sessions are not over."""
    with reading(house.engine) as db:
        helen = people.by_email(db, ANSWERS["--email"])
        assert helen is not None
        rows = sessions.of_person(db, helen.account_id)
    return sum(row.stage is not Stage.ENDED for row in rows)


def helens(held: Installed, typed: str) -> Result:
    return opens(
        held, typed, name="Helen Marsh", email=ANSWERS["--email"], passphrase=PASSPHRASE
    )  # fmt: skip


def test_a_mistyped_code_is_asked_for_again(held: Installed) -> None:
    result = helens(held, f"000000\nabc\n{code_of(held)}\n")
    assert result.exit_code == 0, result.output
    assert result.output.count("That code is not right.") == 2
    house = house_of(held.data)
    assert living(house) == 0
    house.engine.dispose()


def test_after_three_it_is_over_and_nobody_stays_half_way_in(held: Installed) -> None:
    result = helens(held, f"000000\n000000\n000000\n{code_of(held)}\n")
    assert result.exit_code == 1
    assert "portal kit bring-back" in result.output
    house = house_of(held.data)
    assert living(house) == 0
    house.engine.dispose()


@pytest.mark.parametrize("name", ["Northmere", " Northmere ", "NORTHMERE"])
def test_a_name_that_is_taken_opens_nothing(held: Installed, name: str) -> None:
    result = opens(held, area=name)
    assert result.exit_code == 1
    assert "There is an area called Northmere here already" in result.output
    assert not (held.data / "areas").exists()
    assert not sheets_of(held).exists()


def test_where_there_is_no_installation_it_says_what_to_do(tmp_path: Path) -> None:
    at = Installed(tmp_path / "none", tmp_path / "s", tmp_path / "a", tmp_path / "b")
    result = opens(at)
    assert result.exit_code == 1
    assert "portal init" in result.output


def test_a_kit_that_is_not_read_back_opens_nothing(held: Installed) -> None:
    """The sheets of the first area's custodians are no sheets of this one's."""
    before = run("ledger", "export", "--data", held.data).output
    result = opens(held, back=held.sheets)
    assert result.exit_code == 1
    assert "not read back" in result.output
    assert run("ledger", "export", "--data", held.data).output == before
    assert not (held.data / "areas" / "southmere" / "recovery-kit").exists()


def test_each_area_has_a_kit_of_its_own(held: Installed, tmp_path: Path) -> None:
    assert opens(held).exit_code == 0
    south = ["--data", held.data, "--area", "Southmere", "--custodian-sheets", sheets_of(held)]
    north = ["--data", held.data, "--custodian-sheets", held.sheets]
    assert "Southmere opens" in run("kit", "drill", *south).output
    assert "Northmere opens" in run("kit", "drill", *north).output
    swapped = run("kit", "drill", "--data", held.data, "--custodian-sheets", sheets_of(held))
    assert "of another kit" in swapped.output
    new = tmp_path / "new"
    renewed = run(
        "kit", "renew", *south, "--custodians", "3", "--needed", "2", "--new-sheets", new,
        "--read-back", new,
    )  # fmt: skip
    assert renewed.exit_code == 0, renewed.output
    assert run("kit", "drill", *south).exit_code == 1
    south[-1] = new
    assert run("kit", "drill", *south).exit_code == 0
    assert "Northmere opens" in run("kit", "drill", *north).output


def test_a_backup_holds_both_and_opens_with_the_first_one_s_kit(
    held: Installed, tmp_path: Path
) -> None:
    assert opens(held).exit_code == 0
    made = back_up(held, tmp_path / "backups")
    assert restore(made, tmp_path / "bare").exit_code == 0
    drilled = run(
        "kit", "drill", "--data", tmp_path / "bare", "--area", "Southmere", "--custodian-sheets",
        sheets_of(held),
    )  # fmt: skip
    assert drilled.exit_code == 0, drilled.output
    house = house_of(tmp_path / "bare")
    signed_in(
        house, SOUTH["--email"], OLGAS, (held.data.parent / "olga-secret").read_text().strip()
    )
    with pytest.raises(NotRight):
        give_passphrase(house, SOUTH["--email"], PASSPHRASE, HERE)
    house.engine.dispose()
    other = restore(type(made)(made.folder, made.keys, sheets_of(held)), tmp_path / "other")
    assert other.exit_code == 1
    assert not (tmp_path / "other").exists()


def test_the_kit_of_one_area_never_takes_the_place_of_another_s(
    held: Installed, tmp_path: Path
) -> None:
    """Otherwise backups of the server's keys would be sealed to the second area's custodians."""
    assert opens(held).exit_code == 0
    south_kit = held.data / "areas" / "southmere" / "recovery-kit"
    first = {path.name: path.read_bytes() for path in (held.data / "recovery-kit").iterdir()}
    new = tmp_path / "new"
    words = ["--custodians", "3", "--needed", "2", "--new-sheets", new, "--read-back", new]
    south = run(
        "kit", "renew", "--data", held.data, "--kit", south_kit, "--custodian-sheets",
        sheets_of(held), *words,
    )  # fmt: skip
    assert south.exit_code == 1
    assert 'renew it with --area "Southmere"' in south.output
    north = run(
        "kit", "renew", "--data", held.data, "--area", "Southmere", "--kit",
        held.data / "recovery-kit", "--custodian-sheets", held.sheets, *words,
    )  # fmt: skip
    assert north.exit_code == 1
    assert "renew it without --area" in north.output
    now = {path.name: path.read_bytes() for path in (held.data / "recovery-kit").iterdir()}
    assert now == first
    # Put there by hand, it is given nothing.
    shutil.rmtree(held.data / "recovery-kit")
    shutil.copytree(south_kit, held.data / "recovery-kit")
    refused = run("backup", "--data", held.data, "--to", tmp_path / "backups")
    assert refused.exit_code == 1
    assert "not that of a recovery kit that was read back" in refused.output
