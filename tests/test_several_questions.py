"""Each clause of a message that asks something is answered."""

from efinbot.intents.engine import Engine


def test_both_clauses_are_answered(engine: Engine) -> None:
    said = engine.understand(
        "What is a regulatory sandbox good for, and which country had the first one?"
    )
    assert [ref.key for ref in said.statements] == [
        "regulatory-sandbox.benefits.0",
        "regulatory-sandbox.facts.1",
    ]
