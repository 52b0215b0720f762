"""A docstring begins with a verb or a noun, never with a question word."""

import re

from tests.support.processes import ROOT

FOREIGN = {".git", ".run", ".venv", "node_modules", "static-collected"}
QUESTION = re.compile(r'^\s*"""(?:How|Those|What|Where|Which|Who|Whose)(?:ever)?\b.*', re.MULTILINE)


def test_none_begins_with_a_question_word() -> None:
    folders = [each for each in ROOT.iterdir() if each.is_dir() and each.name not in FOREIGN]
    files = [file for folder in folders for file in folder.rglob("*.py")]
    found = {file.relative_to(ROOT): QUESTION.findall(file.read_text()) for file in files}
    assert not {file: texts for file, texts in found.items() if texts}
    assert len(files) > 500
