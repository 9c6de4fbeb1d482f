"""One error class per rule of the protocol, each with a code, its parameters and the check it breaks."""

from typing import Any, ClassVar


class ProtocolError(ValueError):
    """
    The input does not hold against the protocol.

    `code` names the rule and never changes, `params` say where and what, `check` is the number of the check
    of section 11 that fails with it (0: none, a wrong call rather than a wrong draw).
    """

    code: ClassVar[str] = "protocol"
    check: ClassVar[int] = 0

    def __init__(self, **params: Any) -> None:
        self.params: dict[str, Any] = params
        super().__init__(self.code)

    def __str__(self) -> str:
        told = ", ".join(f"{name}={value!r}" for name, value in self.params.items())
        return f"{self.code}({told})" if told else self.code


# --- canonical bytes, tokens, closed and typed objects (section 1) --------------------------------


class NotCanonicalError(ProtocolError):
    """The bytes read are not the canonical bytes of what they say (or no JSON at all)."""

    code = "not_canonical"
    check = 1


class NotLinesError(ProtocolError):
    """A file of lines does not end with 0A, or a line is empty."""

    code = "not_lines"
    check = 1


class BadStringError(ProtocolError):
    """A string holds a barred character."""

    code = "bad_string"
    check = 1


class BadNumberError(ProtocolError):
    """An integer lies outside −(2^53−1)…2^53−1."""

    code = "bad_number"
    check = 1


class BadKeyError(ProtocolError):
    """A member's name is not `[a-z][a-z0-9_]*`."""

    code = "bad_key"
    check = 1


class BadValueError(ProtocolError):
    """A value that canon does not know: null, a float, any other object."""

    code = "bad_value"
    check = 1


class TooDeepError(ProtocolError):
    """Arrays and objects are nested deeper than any object of the protocol."""

    code = "too_deep"
    check = 1


class BadTokenError(ProtocolError):
    """Not a token."""

    code = "bad_token"
    check = 1


class BadIdError(ProtocolError):
    """Not an id of a subject or inspector."""

    code = "bad_id"
    check = 1


class BadTimeError(ProtocolError):
    """Not a real time written `YYYY-MM-DDTHH:MM:SSZ`."""

    code = "bad_time"
    check = 1


class BadHexError(ProtocolError):
    """Not the right number of lower-case hex digits."""

    code = "bad_hex"
    check = 1


class WrongTypeError(ProtocolError):
    """A value of another type than the member's (a boolean is not an integer)."""

    code = "wrong_type"
    check = 1


class MissingMemberError(ProtocolError):
    """A required member is absent."""

    code = "missing_member"
    check = 1


class UnknownMemberError(ProtocolError):
    """A member that the protocol does not name."""

    code = "unknown_member"
    check = 1


class BadCountError(ProtocolError):
    """A count below 0, or a list with too few or too many elements."""

    code = "bad_count"
    check = 1


class BadConstantError(ProtocolError):
    """A value other than the few that may stand here."""

    code = "bad_constant"
    check = 1


# --- Merkle trees ---------------------------------------------------------------------------------


class BadMerkleSizeError(ProtocolError):
    """A tree size or leaf index for which there is no proof."""

    code = "bad_merkle_size"
    check = 3


class BadMerkleHashError(ProtocolError):
    """A hash that is not 32 bytes."""

    code = "bad_merkle_hash"
    check = 3


# --- pools (section 2) ----------------------------------------------------------------------------


class UnknownPoolError(ProtocolError):
    """Not the name of a pool."""

    code = "unknown_pool"
    check = 5


class DuplicateIdError(ProtocolError):
    """Two records with one id."""

    code = "duplicate_id"
    check = 5


class UnsortedIdsError(ProtocolError):
    """A record stands after one with a greater id."""

    code = "unsorted_ids"
    check = 5


class BadConflictIdError(ProtocolError):
    """A conflict's id is not `<inspector>:<subject>`."""

    code = "bad_conflict_id"
    check = 5


class BadPoolKeyError(ProtocolError):
    """A pool or task key that is not 32 bytes, or that stands where the pool is public, or is missing."""

    code = "bad_pool_key"
    check = 5


class PoolMismatchError(ProtocolError):
    """A pool's root or size is not the plan's."""

    code = "pool_mismatch"
    check = 5


class StrataMismatchError(ProtocolError):
    """The plan's strata are not exactly those of the records, with their counts."""

    code = "strata_mismatch"
    check = 5


class BadCarriedError(ProtocolError):
    """A carried id is absent from the pool or excluded, or a stratum carries more than it takes."""

    code = "bad_carried"
    check = 9


# --- the plan (section 3) -------------------------------------------------------------------------


class BadPlanError(ProtocolError):
    """A rule of the plan that has no class of its own; `rule` says which."""

    code = "bad_plan"
    check = 1


class BadSeqError(BadPlanError):
    """`seq` and `previous` do not fit each other or the rehearsal."""

    code = "bad_seq"


class BadTimesError(BadPlanError):
    """`committed_at`, `due`, `result_by` and `reveal_by` break their distances."""

    code = "bad_times"


class BadClosedError(BadPlanError):
    """`closed` names no pool, one pool twice, or a pool that is not sealed."""

    code = "bad_closed"


class BadSupersedesError(BadPlanError):
    """`carried` stands without `supersedes` or the other way round, or is not distinct and ascending."""

    code = "bad_supersedes"


class BadStratumError(BadPlanError):
    """A stratum listed twice, without records, or with counts that cannot be."""

    code = "bad_stratum"


class BadRateError(BadPlanError):
    """A rate that is not `a/b` with 1 ≤ a ≤ b, nine digits at most, no leading zero."""

    code = "bad_rate"


class BadTakeError(BadPlanError):
    """`take` is larger than the records left, or other than the rate gives."""

    code = "bad_take"


# --- randomness, secrets, seeds (sections 4 and 5) ------------------------------------------------


class BadSourceError(ProtocolError):
    """A source of randomness of another kind or shape, or standing twice."""

    code = "bad_source"
    check = 6


class WeakRandomnessError(ProtocolError):
    """The sources leave fewer outcomes, or the secrets fewer parties, than the protocol asks."""

    code = "weak_randomness"
    check = 6


class UnknownChainError(ProtocolError):
    """A drand chain that is not pinned."""

    code = "unknown_chain"
    check = 6


class BadRoundError(ProtocolError):
    """A drand round that the rule does not give."""

    code = "bad_round"
    check = 6


class BadDrandError(ProtocolError):
    """A drand value that is no signature of this round in its one encoding."""

    code = "bad_drand"
    check = 6


class BadLotteryError(ProtocolError):
    """Lottery numbers of another shape than the game's."""

    code = "bad_lottery"
    check = 6


class BadDiceError(ProtocolError):
    """Rolls outside 0…sides−1, too few or too many, or dice that cannot be used."""

    code = "bad_dice"
    check = 6


class BadBeaconError(ProtocolError):
    """Not one observed value for each source of the plan."""

    code = "bad_beacon"
    check = 6


class DuplicatePartyError(ProtocolError):
    """One party, or one commitment, stands twice for one purpose."""

    code = "duplicate_party"
    check = 7


class BadSecretError(ProtocolError):
    """A secret that does not open its commitment, is missing, or stands out of the plan's order."""

    code = "bad_secret"
    check = 7


# --- signatures and tasks (sections 1 and 8) ------------------------------------------------------


class BadSignatureError(ProtocolError):
    """A signature that does not hold, or signers that may not sign."""

    code = "bad_signature"
    check = 2


class BadTaskError(ProtocolError):
    """A task or its commitment that does not belong to the result."""

    code = "bad_task"
    check = 11
