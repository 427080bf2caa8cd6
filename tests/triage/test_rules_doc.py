"""What docs/rules.md shows works as it stands there."""

import re
from pathlib import Path

DOC = Path(__file__).parents[2] / "docs" / "rules.md"


def test_the_example_runs():
    (example,) = re.findall(r"^```python\n(.*?)^```", DOC.read_text(encoding="utf-8"), re.DOTALL | re.MULTILINE)
    exec(compile(example, str(DOC), "exec"), {})  # noqa: S102 - our own text
