"""Batches of a draw of the whole population: in drawn order, every task in one of them."""

from hypothesis import given
from hypothesis import strategies as st

from doublerandom.draws.batches import batch_of, sizes_of


def test_one_number_means_equal_parts_the_first_ones_larger():
    assert sizes_of([4], 10) == [3, 3, 2, 2]
    assert sizes_of([4], 2) == [1, 1]


def test_several_numbers_are_sizes_and_the_rest_is_the_last_batch():
    assert sizes_of([20, 20, 15], 60) == [20, 20, 15, 5]
    assert sizes_of([20, 20, 15], 30) == [20, 10]


def test_without_batches_nothing_has_one():
    assert sizes_of([], 10) == sizes_of([3], 0) == []
    assert batch_of(0, []) == 0


@given(st.lists(st.integers(1, 50), min_size=1, max_size=9), st.integers(1, 300))
def test_every_place_is_in_one_batch_and_batches_follow_the_order(wanted, total):
    sizes = sizes_of(wanted, total)

    batches = [batch_of(position, sizes) for position in range(total)]

    assert sum(sizes) == total
    assert batches == sorted(batches)
    assert [batches.count(n) for n in range(1, len(sizes) + 1)] == sizes
