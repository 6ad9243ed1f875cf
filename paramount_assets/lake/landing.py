"""The landing area: which deliveries of a source and day stand.

A delivery counts once its manifest is there, because that is written last. The highest version of each feed stands; where its
files are those of a lower version of the feed again, nothing has happened and the lower one goes on standing. Only children's
services have more feeds than one, one for each local authority; their versions count over the day's whole folder.
"""

import datetime as dt
import re
from dataclasses import replace
from pathlib import Path

from paramount_assets.lake.delivery import DeliveredFile, Delivery
from paramount_assets.lake.faults import NotDelivered
from paramount_assets.lake.hashes import sha256_of
from paramount_assets.lake.manifest import MANIFEST, ManifestInvalid, read_manifest
from paramount_assets.vocabulary import Day, Source

__all__ = ["DeliveredFile", "Delivery", "Landing"]


class Landing:
    """The landing area, and what was read of it.

    Attributes:
        read: every delivery handed out, in order, each once: what a gate record pins.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self.read: list[Delivery] = []

    def delivery(self, source: Source, day: Day) -> Delivery:
        """The delivery that stands for a day of a source with one feed. Nothing but its manifest has been looked at.

        Raises:
            NotDelivered: nothing has landed, or its manifest is not there yet.
        """
        return self._handed_out(_standing(self._landed(source, day)))

    def deliveries(self, source: Source, day: Day) -> list[Delivery]:
        """The delivery of each feed that stands for a source and day, in the order of their versions.

        One whose manifest does not even say its feed stands until another one lands: a correction of it cannot be told from
        the next feed's delivery. That one was passed over is noted beside the delivery that came after it.

        Raises:
            NotDelivered: nothing has landed, or no manifest is there yet.
        """
        landed = self._landed(source, day)
        named = [d for d in landed if d.feed is not None]
        standing = [_standing([d for d in named if d.feed == feed]) for feed in dict.fromkeys(d.feed for d in named)]
        standing += [d for d in landed[-1:] if d.feed is None]
        newest = max(standing, key=lambda d: d.version)
        passed_over = [f"{d.label}: passed over, its manifest does not say whose it is" for d in landed[:-1] if d.feed is None]
        standing = [replace(d, notes=[*d.notes, *passed_over]) if d is newest else d for d in standing]
        return [self._handed_out(d) for d in sorted(standing, key=lambda d: d.version)]

    def _landed(self, source: Source, day: Day) -> list[Delivery]:
        folder = self._folder / source / day.isoformat()
        versions = _versions(folder)
        if not versions:
            arrived = "landed without a manifest, not looked at" if folder.is_dir() else "nothing has landed"
            raise NotDelivered(f"{source} {day}: {arrived}")
        return [_read_delivery(source, day, version, folder / f"v{version}") for version in versions]

    def _handed_out(self, delivery: Delivery) -> Delivery:
        """The delivery as it was handed out before, so that each is pinned once and keeps its notes."""
        known = next((d for d in self.read if d.folder == delivery.folder), None)
        if known is None:
            self.read.append(delivery)
        return known or delivery

    def dates(self, source: Source) -> list[Day]:
        """The days, in order, for which a delivery of the source has its manifest."""
        folders = sorted((self._folder / source).glob("????-??-??"))
        return [Day(dt.date.fromisoformat(folder.name)) for folder in folders if _versions(folder)]


def _versions(folder: Path) -> list[int]:
    names = (path.parent.name for path in folder.glob(f"v*/{MANIFEST}"))
    return sorted(int(name[1:]) for name in names if re.fullmatch(r"v[1-9]\d{0,5}", name))


def _read_delivery(source: Source, day: Day, version: int, folder: Path) -> Delivery:
    unread = Delivery(source, day, version, folder, sha256_of(folder / MANIFEST))
    try:
        manifest = read_manifest(folder / MANIFEST)
    except ManifestInvalid as fault:
        return replace(unread, manifest_fault=str(fault), feed=fault.feed)
    agree = {
        "source": manifest.source == source,
        "extract_date": manifest.extract_date == day,
        "version": manifest.version == version,
    }
    disagreeing = [name for name, does in agree.items() if not does]
    return replace(
        unread,
        kind=manifest.kind,
        feed=manifest.feed,
        schema=manifest.schema_,
        produced_at=manifest.produced_at,
        content=manifest.content(),
        files={f.name: DeliveredFile(f.name, folder / f.name, f.rows, f.sha256, f.nil_return) for f in manifest.files},
        manifest_fault=f"{', '.join(disagreeing)} not as the folder says" if disagreeing else None,
    )


def _standing(deliveries: list[Delivery]) -> Delivery:
    """The highest version of one feed, or the lowest whose files are the same."""
    highest = deliveries[-1]
    first = next((d for d in deliveries[:-1] if _is_same(d, highest)), None)
    if first is None:
        return highest
    note = f"{highest.label}: the same files as v{first.version}, nothing happens"
    return replace(first, same_as=highest.version, notes=[note])


def _is_same(lower: Delivery, higher: Delivery) -> bool:
    """Both manifests say the same of the same files, and the lower version's files are what it says."""
    if lower.manifest_fault or higher.manifest_fault or lower.content != higher.content:
        return False
    return all(file.path.is_file() and sha256_of(file.path) == file.sha256 for file in lower.files.values())
