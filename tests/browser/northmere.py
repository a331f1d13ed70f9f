"""Northmere as the demonstration leaves it, on a clock that the test moves, behind a real socket.

The scenes are played once a run, at a fixed date, through the real journeys; each test gets a copy
of the folder (database, sealed papers, keys, mail) and serves it. Only the clock is put, so that
codes need no waiting and a meeting can be over.
"""

from __future__ import annotations

import email
import email.policy
import fcntl
import json
import logging
import shutil
import subprocess
import sys
import threading
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import mintotp
from werkzeug.serving import make_server

from portal import create_app
from portal.clock import FixedClock
from portal.demo.start import TOLD, set_up
from portal.jobs import outbox, timers
from portal.journeys.own_account.own_factors import new_card
from portal.notices.folder_sender import FolderSender
from portal.records import cards, factors, generators, people
from portal.records.database import writing
from portal.settings import in_folder
from portal.wiring import wire

TODAY = datetime(2026, 5, 12, 8, 0, tzinfo=UTC)
"""Tuesday, 9 o'clock in London: one meeting was last Tuesday, another is on Thursday week."""

STEP = 30


@dataclass(frozen=True)
class Persona:
    """What somebody knows and has."""

    name: str
    email: str
    agency: str
    passphrase: str
    totp_secret: str
    card: tuple[str, ...] = ()
    """The codes of their printed card; whoever has one has no code app."""


def northmere(folder: Path) -> Path:
    """The folder with the scenes played into it, made by whichever worker comes first."""
    folder.mkdir(parents=True, exist_ok=True)
    data = folder / "data"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (data / TOLD).is_file():
            shutil.rmtree(data, ignore_errors=True)
            set_up(in_folder(data, "http://localhost:1"), data, lambda _line: None, TODAY)
    return data


class Town:
    """A served copy of Northmere: its clock, its people's codes, and the mail they get."""

    def __init__(self, template: Path, data: Path) -> None:
        shutil.copytree(template, data, dirs_exist_ok=True)
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self.data = data
        self.clock = FixedClock(TODAY + timedelta(minutes=30))
        self._server = make_server("127.0.0.1", 0, lambda *_: iter(()), threaded=True)
        self.address = f"http://localhost:{self._server.port}"
        told = json.loads((data / TOLD).read_text("utf-8"))
        settings = replace(in_folder(data, self.address), origin=told["origin"])
        self._wired = wire(settings, self.clock)
        self.app = self._server.app = create_app(self._wired)
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)
        self._thread.start()
        self._last_step: dict[str, int] = {}
        self._crossed_out: dict[str, int] = {}
        self._mail = FolderSender(data / "mail")
        self._shown = {entry.id for entry in self._mail.entries()}
        self.people = {
            each["name"].split()[0].lower(): Persona(
                each["name"],
                each["email"],
                each["agency"],
                each["passphrase"],
                each["totp_secret"],
            )
            for each in told["personas"]
        }

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
        self._wired.house.engine.dispose()

    # ---- time ----

    def later(self, **by: float) -> None:
        """Let time pass: `later(minutes=5)`."""
        self.clock.advance(timedelta(**by))

    def until(self, at: datetime) -> None:
        """Let time pass until this moment."""
        self.clock.set(max(at, self.clock.now()))

    def code(self, totp_secret: str) -> str:
        """The next unused code of this secret, by a generator that is not the product's."""
        step = max(self._step(), self._last_step.get(totp_secret, -1) + 1)
        while step > self._step():
            self.later(seconds=STEP)
        self._last_step[totp_secret] = step
        return mintotp.hotp(totp_secret, step)

    def code_of(self, persona: Persona) -> str:
        """The next unused code of what this person has."""
        if not persona.card:
            assert persona.totp_secret, f"{persona.name} has neither card nor telephone"
            return self.code(persona.totp_secret)
        place = self._crossed_out.get(persona.email, 0)
        self._crossed_out[persona.email] = place + 1
        return persona.card[place]

    def hand_out_cards(self, *keys: str) -> None:
        """From now on nobody has a telephone: each of these has a printed card, and nothing else.

        Without names everybody has one; making a card is slow.
        """
        house = self._wired.house
        for key, persona in self.people.items():
            if keys and key not in keys:
                self.people[key] = replace(persona, totp_secret="")
                continue
            with writing(house.engine) as db:
                person = people.by_email(db, persona.email)
                assert person is not None
                codes, card, rows = new_card(house, person, person.id, "Card")
                cards.save(db, replace(card, proved_at=self.clock.now()), rows)
                for app in generators.of_person(db, person.id):
                    generators.drop(db, person.id, app.id)
                factors.save_backup_codes(db, person.id, [])
                db.commit()
            self.people[key] = replace(persona, card=codes, totp_secret="")

    def has_card(self, key: str, codes: Sequence[str]) -> None:
        """They have another card from now on, with these codes still unused."""
        self.people[key] = replace(self.people[key], card=tuple(codes), totp_secret="")
        self._crossed_out[self.people[key].email] = 0

    def knows(self, key: str, *, passphrase: str) -> None:
        """They have another passphrase from now on."""
        self.people[key] = replace(self.people[key], passphrase=passphrase)

    def uses_up_card(self, key: str, left: int) -> None:
        """Months go by in which they sign in with their card, until so many codes are left."""
        persona = self.people[key]
        done = len(persona.card) - left
        with writing(self._wired.house.engine) as db:
            person = people.by_email(db, persona.email)
            assert person is not None
            card = cards.of_person(db, person.account_id)[0]
            for number in range(1, done + 1):
                cards.spend(db, card.id, number, self.clock.now())
            db.commit()
        self._crossed_out[persona.email] = done

    def _step(self) -> int:
        return int(self.clock.now().timestamp()) // STEP

    # ---- what happens by itself ----

    def timers(self) -> None:
        """Run every timer, as the server would, until no letter waits."""
        wired = self._wired
        for job in timers.jobs_of(wired.house, wired.sender, wired.writer):
            assert timers.run(wired.house, job)
        while outbox.job(wired.house, wired.sender, wired.writer).work():
            pass

    def letters(self, to: str) -> list[str]:
        """The texts of the new letters to this address, after the outbox has been emptied."""
        self.timers()
        texts = []
        for entry in self._mail.entries():
            if entry.to == to and entry.id not in self._shown:
                self._shown.add(entry.id)
                raw = (self.data / "mail" / f"{entry.id}.eml").read_bytes()
                body = email.message_from_bytes(raw, policy=email.policy.default).get_body()
                assert body is not None
                texts.append(f"{entry.subject}\n\n{body.get_content()}")
        return texts

    # ---- from outside ----

    def command(self, *words: str) -> subprocess.CompletedProcess[str]:
        """Run a command of the portal on this folder."""
        return subprocess.run(
            [sys.executable, "-m", "portal", *words, "--data", str(self.data)],
            capture_output=True,
            text=True,
            check=False,
            timeout=60,
        )
