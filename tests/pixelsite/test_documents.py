"""Documents name files, links and headings that exist; the glossary is in order."""

import os
import re
from collections.abc import Iterator
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from tests.support.processes import ROOT

DOCUMENTS = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]
BY_NAME = {str(document.relative_to(ROOT)): document for document in DOCUMENTS}
SUFFIXES = "acl|css|html|ini|js|json|jsonc|md|py|sh|svg|toml|txt|yaml|yml"
FILE = re.compile(rf"`([\w.-]+(?:/[\w.-]+)*\.(?:{SUFFIXES}))`")
LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
CODE = re.compile(r"^( {4}|```).*$", re.MULTILINE)
ROW = re.compile(r"^\| ([^|]+) \| ([^|]+) \| \[`([^`]+)`\]\(\.\./([^)]+)\) \|$", re.MULTILINE)
FOREIGN = {".git", ".venv", "node_modules", "static-collected"}
# Files of a recipe's example, which its reader makes.
EXAMPLES = ("lock_palette", "0009_margin", "manifest.json")


@cache
def files() -> frozenset[str]:
    """Every file of the project, and every ending of its path."""
    found = set()
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [each for each in folders if each not in FOREIGN]
        for name in names:
            parts = (Path(folder) / name).relative_to(ROOT).parts
            found |= {"/".join(parts[start:]) for start in range(len(parts))}
    return frozenset(found)


def links(document: Path) -> Iterator[tuple[Path, str]]:
    """The file and the heading of each link within the project."""
    for target in LINK.findall(document.read_text()):
        if "://" not in target:
            path, _, heading = target.partition("#")
            yield (document.parent / path if path else document), heading


def anchors(document: Path) -> set[str]:
    """The names by which links find the headings of a document."""
    text = CODE.sub("", document.read_text())
    kept = (re.sub(r"[^\w\s-]", "", heading.lower()) for heading in HEADING.findall(text))
    return {each.strip().replace(" ", "-") for each in kept}


@pytest.mark.parametrize("name", BY_NAME)
def test_every_file_that_is_named_exists(name: str) -> None:
    named = FILE.findall(BY_NAME[name].read_text())
    wanted = {each for each in named if not any(example in each for example in EXAMPLES)}
    assert wanted - files() == set()


@pytest.mark.parametrize("name", BY_NAME)
def test_every_link_leads_to_a_file_and_a_heading(name: str) -> None:
    for file, heading in links(BY_NAME[name]):
        assert file.exists(), file
        assert not heading or heading in anchors(file), f"{file}#{heading}"


def glossary() -> list[tuple[str, str, str, str]]:
    return ROW.findall((ROOT / "docs/glossary.md").read_text())


def test_the_words_of_the_glossary_are_in_order() -> None:
    words = [word for word, *_ in glossary()]
    assert len(words) > 50
    assert all(one < other for one, other in pairwise(words))


def test_each_word_of_the_glossary_has_one_line_and_a_file() -> None:
    text = (ROOT / "docs/glossary.md").read_text()
    assert len(glossary()) == len(re.findall(r"^\| ", text, re.MULTILINE)) - 1, "but the heading"
    for word, meaning, shown, target in glossary():
        assert meaning.endswith("."), word
        assert shown == target
        assert (ROOT / target).is_file(), word
