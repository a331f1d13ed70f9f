"""`python -m tests.policy_table.write`: write the table anew, to be read before it is kept."""

from __future__ import annotations

import tempfile
from pathlib import Path

from tests.policy_table import walk
from tests.policy_table.scene import PEOPLE, make
from tests.staging import stage_from, stage_template
from tests.world import make_template


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folders = [Path(name, part) for part in ("world", "staged", "scene")]
        for folder in folders:
            folder.mkdir()
        template = stage_template(make_template(folders[0]), folders[1])
        scene = make(stage_from(template, folders[2]))
        cells = {}
        for row in walk.rows(scene):
            cells[row.key] = []
            for who in PEOPLE:
                _answer, cell, _left = walk.attempt(scene, row, who)
                cells[row.key].append(cell)
                scene.undo()
        walk.write(cells)
        scene.close()


if __name__ == "__main__":
    main()
