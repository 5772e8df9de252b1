"""Draws which part of the code imports which into docs/architecture.md, from the code itself.

Run: python docs/architecture.py. With --check nothing is written: it ends with 1 if the picture is
not what the code says.
"""

import sys
from collections.abc import Iterator, Mapping
from collections.abc import Set as AbstractSet
from pathlib import Path

import grimp

GUIDE = Path(__file__).with_name("architecture.md")
BEGIN, END = "```mermaid\n", "```\n"
ROOMS = ("sandbox", "bot", "intents", "knowledge")
OPEN = ("sandbox", "bot")
"""Rooms whose folders and files are shown one by one."""

Imports = Mapping[str, AbstractSet[str]]


def imports() -> Imports:
    """Return which part imports which others: rooms, or folders and files in them, as paths."""
    graph = grimp.build_graph(*(f"efinbot.{room}" for room in ROOMS))
    parts = {module: _part(graph, module) for module in graph.modules}
    found: dict[str, set[str]] = {part: set() for part in parts.values() if part}
    for module, part in parts.items():
        if part:
            others = {parts[other] for other in graph.find_modules_directly_imported_by(module)}
            found[part] |= others - {part, ""}
    return found


def _part(graph: grimp.ImportGraph, module: str) -> str:
    room, *inside = module.removeprefix("efinbot.").split(".")
    if room not in OPEN:
        return f"{room}/"
    # The package itself only passes on what is in it.
    if not inside or inside[0] == "__main__":
        return ""
    is_folder = graph.find_children(f"efinbot.{room}.{inside[0]}")
    return f"{room}/{inside[0]}{'/' if is_folder else '.py'}"


def flowchart(found: Imports) -> str:
    """Return the parts as a Mermaid flowchart, without arrows that follow from others."""
    lines = ["flowchart TD"]
    for room in ROOMS:
        if room in OPEN:
            inside = sorted(part for part in found if part.startswith(f"{room}/"))
            lines.append(f'    subgraph {room}["{room}/"]')
            lines += [f'        {_id(part)}["{part.removeprefix(room + "/")}"]' for part in inside]
            lines.append("    end")
        else:
            lines.append(f'    {_id(room + "/")}["{room}/"]')
    lines += [f"    {_id(part)} --> {_id(other)}" for part, other in _arrows(found)]
    return "\n".join(lines) + "\n"


def _id(part: str) -> str:
    return part.removesuffix("/").removesuffix(".py").replace("/", "-")


def _arrows(found: Imports) -> Iterator[tuple[str, str]]:
    for part, others in sorted(found.items()):
        for other in sorted(others):
            if not any(other in _reached(found, between) for between in others - {other}):
                yield part, other


def _reached(found: Imports, start: str) -> set[str]:
    reached: set[str] = set()
    waiting = [*found[start]]
    while waiting:
        part = waiting.pop()
        if part not in reached:
            reached.add(part)
            waiting += found[part]
    return reached


def main() -> None:
    """Draw the picture, or tell whether it is up to date."""
    guide = GUIDE.read_text("utf-8")
    head, _, rest = guide.partition(BEGIN)
    _, _, tail = rest.partition(END)
    drawn = head + BEGIN + flowchart(imports()) + END + tail
    if "--check" not in sys.argv:
        GUIDE.write_text(drawn, "utf-8")
    elif drawn != guide:
        sys.exit("docs/architecture.md is out of date; to update it: python docs/architecture.py")


if __name__ == "__main__":
    main()
