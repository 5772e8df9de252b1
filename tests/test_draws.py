"""Draws by lot that an edit elsewhere leaves alone."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from efinbot.intents.sampling import Pool, generator, share

names = st.lists(st.text(max_size=8), min_size=1, max_size=30, unique=True)


def pool(texts: list[str]) -> Pool[str]:
    return Pool((text, text) for text in texts)


@given(names, st.text(max_size=8), st.text(max_size=20))
def test_what_is_added_wins_a_draw_or_leaves_it_alone(
    there: list[str], added: str, why: str
) -> None:
    if added not in there:
        assert pool([added, *there]).draw(why) in {added, pool(there).draw(why)}


@given(names, st.data(), st.text(max_size=20))
def test_the_order_of_things_changes_no_draw(
    there: list[str], data: st.DataObject, why: str
) -> None:
    assert pool(data.draw(st.permutations(there))).draw(why) == pool(there).draw(why)


def test_each_is_about_as_likely_as_another() -> None:
    drawn = Counter(map(pool(list("abcdefgh")).draw, range(8000)))
    assert len(drawn) == 8
    assert all(850 < number < 1150 for number in drawn.values())


def test_shares_lie_between_0_and_1_and_are_spread() -> None:
    shares = [share("x", number) for number in range(1000)]
    assert 0 <= min(shares) < 0.02
    assert 0.98 < max(shares) < 1
    assert shares == [share("x", number) for number in range(1000)]


def test_a_generator_is_the_same_for_the_same() -> None:
    assert generator("a", 1).random() == generator("a", 1).random() != generator("a", 2).random()
