"""Typed settings: where the project's folders are, which model is used, and the force's configuration.

Every setting can be given as an environment variable with the prefix PARAMOUNT_ or in a file `.env` in the project's root.
"""

import datetime as dt
import tomllib
from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from paramount_assets.vocabulary import Day, Source

_PACKAGE = Path(__file__).parent


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class SettingsInvalid(Exception):
    """A setting, or the force's configuration, is missing or says what it may not. The message holds no value."""


class District(_Frozen):
    """A local authority of the force's area. `live_from` is the day the offer began there; None where it has not."""

    la_code: str
    name: str
    live_from: dt.date | None = None
    team: str


class ServicesFeed(_Frozen):
    """One local authority's children's services and what was agreed with it.

    Attributes:
        la_code: ONS code of the authority: what a delivery's manifest names as its feed.
        name: of the authority.
        delivers: all children it knows, or only answers about the persons asked about.
        districts: codes of the force's districts that it serves: a county serves several, other authorities themselves.
    """

    la_code: str = Field(pattern=r"^[EWSN]\d{8}$")
    name: str
    delivers: Literal["bulk", "answer"]
    districts: tuple[str, ...] = Field(min_length=1)

    @property
    def la_codes(self) -> frozenset[str]:
        """Every code under which it may record a child: its own and its districts'."""
        return frozenset((self.la_code, *self.districts))


class Policy(_Frozen):
    """Policy values that the force decides. All spans are in days, ages in years."""

    child_age_limit_years: int
    repeat_window_days: int
    look_again_days: int
    hold_days: int


class Teams(_Frozen):
    """Recipients that are not tied to a district."""

    default: str
    safeguarding: str


class Force(_Frozen):
    """One force's configuration, read from `forces/<name>.toml`."""

    name: str
    code: str
    prison_extract_covers: Literal["area", "national"]
    sources: dict[Source, Literal["agreed", "not agreed"]]
    policy: Policy
    teams: Teams
    districts: tuple[District, ...]
    services: tuple[ServicesFeed, ...] = ()

    @model_validator(mode="after")
    def _each_district_has_one_authority(self) -> Self:
        served = [code for feed in self.services for code in feed.districts]
        faults = [
            *_named("two feeds of one authority", _repeated(feed.la_code for feed in self.services)),
            *_named("district served by two feeds", _repeated(served)),
            *_named("district that the force does not have", sorted(set(served) - {d.la_code for d in self.districts})),
        ]
        if faults:
            raise ValueError(f"services: {'; '.join(faults)}")
        return self

    def feed(self, la_code: str) -> ServicesFeed | None:
        """The children's services of an authority, None where nothing was agreed with it."""
        return next((feed for feed in self.services if feed.la_code == la_code), None)

    def live_areas(self, day: Day) -> list[str]:
        """Codes of the local authorities where the offer is made on the day, sorted."""
        return sorted(d.la_code for d in self.districts if d.live_from is not None and d.live_from <= day)

    def team_of(self) -> dict[str, str]:
        """The neighbourhood team of each local authority."""
        return {d.la_code: d.team for d in self.districts}


class Settings(BaseSettings):
    """All settings of one installation."""

    model_config = SettingsConfigDict(env_prefix="PARAMOUNT_", env_file=".env", extra="ignore", frozen=True)

    root: Path = Field(default_factory=Path.cwd, description="The project's root, where dbt_like_sql/ and expectations/ are.")
    data: Path = Field(default=Path("data"), description="Where landing, lake, ledger, published and world are kept.")
    force_file: Path = Field(default=_PACKAGE / "forces" / "thames_valley.toml", description="The force's configuration.")
    first_day: dt.date = Field(default=dt.date(2021, 10, 1), description="The first daily partition.")
    ledger_url: str = Field(default="", description="SQLAlchemy URL of the ledger; empty for SQLite under the data folder.")
    model: str = Field(default="2026-11-22", description="Name of the frozen linkage model.")
    lock_wait_seconds: float = Field(default=600.0, description="How long a run waits for another that writes the lake.")
    memory_limit: str = Field(
        default="4GB", description="DuckDB's memory limit; a table's day that needs more fails, and nothing else does."
    )

    @classmethod
    def read(cls) -> "Settings":
        """The settings as the environment gives them.

        Raises:
            SettingsInvalid: one is of the wrong kind.
        """
        try:
            return cls()
        except ValidationError as fault:
            raise SettingsInvalid(f"settings (PARAMOUNT_...): {_faults_of(fault)}") from None

    @cached_property
    def force(self) -> Force:
        """The force's configuration.

        Raises:
            SettingsInvalid: the file is not there or no TOML, or a value is missing, unknown or of the wrong kind.
        """
        try:
            return Force.model_validate(tomllib.loads(self.force_file.read_text(encoding="utf-8")))
        except FileNotFoundError:
            raise SettingsInvalid(f"the force's configuration {self.force_file} is not there") from None
        except ValidationError as fault:
            raise SettingsInvalid(f"the force's configuration {self.force_file}: {_faults_of(fault)}") from None
        except ValueError:
            raise SettingsInvalid(f"the force's configuration {self.force_file} is not TOML") from None

    @property
    def data_folder(self) -> Path:
        """The data folder; a relative setting is taken from the root."""
        return self.root / self.data

    def project_folder(self, name: str) -> Path:
        """A folder of the project that is read, not written: in the root, else in the package, else beside it (a checkout)."""
        places = (self.root / name, _PACKAGE / "_project" / name, _PACKAGE.parent / name)
        return next((place for place in places if place.is_dir()), places[0])

    @property
    def dagster_folder(self) -> Path:
        """Where Dagster's configuration is: the root, or else the copy that is installed with the package."""
        return self.root if (self.root / "dagster.yaml").is_file() else _PACKAGE / "_project"

    @property
    def landing_folder(self) -> Path:
        """Files as they arrived."""
        return self.data_folder / "landing"

    @property
    def lake_folder(self) -> Path:
        """Tables and their gate records."""
        return self.data_folder / "lake"

    @property
    def ledger_folder(self) -> Path:
        """The ledger's database file and the pseudonym key."""
        return self.data_folder / "ledger"

    @property
    def published_file(self) -> Path:
        """The analysts' database."""
        return self.data_folder / "published" / "paramount.duckdb"

    @property
    def outbox_folder(self) -> Path:
        """What was handed to each team by the file channel."""
        return self.data_folder / "outbox"

    @property
    def requests_folder(self) -> Path:
        """What local authorities are asked, by day."""
        return self.data_folder / "requests"

    @property
    def world_folder(self) -> Path:
        """The made-up world's answer key; the chain never reads it."""
        return self.data_folder / "world"


def _faults_of(fault: ValidationError) -> str:
    """What is wrong and where, without what stands there."""
    found = fault.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(": ".join(filter(None, (".".join(map(str, each["loc"])), _plain(each["msg"])))) for each in found)


def _plain(message: str) -> str:
    return message.removeprefix("Value error, ")


def _repeated(codes: Iterable[str]) -> list[str]:
    listed = list(codes)
    return sorted({code for code in listed if listed.count(code) > 1})


def _named(fault: str, codes: list[str]) -> list[str]:
    """The fault with the codes of areas it is about; an area's code tells of no person."""
    return [f"{fault}: {', '.join(codes)}"] if codes else []
