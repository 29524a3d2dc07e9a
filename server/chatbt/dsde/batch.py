"""The cap on a batch's speculation lengths, against stragglers."""

from torch import Tensor


def capped(lengths: Tensor, counted: Tensor) -> Tensor:
    """`lengths` [B] cut to the mean of those rows that are `counted` [B] (live, and past their calibration).

    The mean is the cap with the least squared distance to the wishes (arXiv 2509.01083, Eqs. 9-11). It only lowers. It
    is rounded up, as in the authors' code. With no counted row nothing is cut.
    """
    count = counted.sum()
    cap = ((lengths * counted).sum() / count.clamp_min(1)).ceil()
    return lengths.where(count == 0, lengths.minimum(cap))
