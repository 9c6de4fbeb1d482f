"""What is put on record around the randomness: witnesses, and relays that cannot be trusted."""

from dataclasses import dataclass

from doublerandom.draws.acts.draws import DrawFact


@dataclass(frozen=True)
class WitnessNamed(DrawFact):
    """Somebody was named as a witness of the randomness."""

    name: str
    office: str


@dataclass(frozen=True)
class WitnessStruck(DrawFact):
    """A witness's name was struck out: it had been entered by mistake."""

    name: str
    office: str


@dataclass(frozen=True)
class RelayDistrusted(DrawFact):
    """A drand relay answered as no honest one does; its answer counted for nothing."""

    n: int
    relay: str
    word: str
