"""Random choices that an edit elsewhere leaves alone."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from efinbot.intents.sampling import Pool, Sampler

SAMPLER = Sampler(0)
names = st.lists(st.text(max_size=8), min_size=1, max_size=30, unique=True)


def pool(texts: list[str]) -> Pool[str]:
    return Pool(SAMPLER, ((text, text) for text in texts))


@given(names, st.text(max_size=8), st.text(max_size=20))
def test_an_added_item_takes_over_a_choice_or_leaves_it_alone(
    there: list[str], added: str, key: str
) -> None:
    if added not in there:
        assert pool([added, *there]).choose(key) in {added, pool(there).choose(key)}


@given(names, st.data(), st.text(max_size=20))
def test_the_order_of_items_changes_no_choice(
    there: list[str], data: st.DataObject, key: str
) -> None:
    assert pool(data.draw(st.permutations(there))).choose(key) == pool(there).choose(key)


def test_each_item_is_about_as_likely_as_another() -> None:
    chosen = Counter(map(pool(list("abcdefgh")).choose, range(8000)))
    assert len(chosen) == 8
    assert all(850 < number < 1150 for number in chosen.values())


def test_fractions_lie_between_0_and_1_and_are_spread() -> None:
    fractions = [SAMPLER.fraction("x", number) for number in range(1000)]
    assert 0 <= min(fractions) < 0.02
    assert 0.98 < max(fractions) < 1
    assert fractions == [Sampler(0).fraction("x", number) for number in range(1000)]


def test_a_generator_is_the_same_for_the_same_key() -> None:
    first, again, other = (SAMPLER.generator("a", n).random() for n in (1, 1, 2))
    assert first == again != other


def test_another_seed_chooses_otherwise() -> None:
    assert Sampler(0).fraction("x") != Sampler(1).fraction("x")
