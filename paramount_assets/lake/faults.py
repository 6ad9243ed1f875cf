"""What can keep a table's day from being made or read. No message holds a value of any row."""


class GateClosed(Exception):
    """The bytes asked for are not released: nothing may be read or made from them."""


class DeliveryBlocked(Exception):
    """A delivery arrived and breaks its contract so badly that none of it may be used."""


class NotDelivered(Exception):
    """The delivery, or its manifest, is not there."""


class LakeBusy(Exception):
    """Another run holds the lake's writer lock."""


class TableMismatch(Exception):
    """A table function returned other columns or types than its suite and the data dictionary say."""
