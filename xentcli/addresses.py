"""Addresses: what a URI is, where its query starts, and how it is shown without what lets a stranger in.

Floor 0: names alone, imports nothing of xent. A URI may hold a user, a password, a signature or a token. Whoever opens
it gets it whole; whatever is printed, written or stored gets it from here.
"""

import re
from collections.abc import Callable

HIDDEN = "***"

_QUERY = re.compile(r"\?(?=[A-Za-z_][\w.-]*=)")
"""What starts a query; another question mark is a character of a pattern."""

_SHOWN = {
    "anonymous", "background_writes", "download", "enable_tls", "endpoint_override", "force_virtual_addressing",
    "region", "revision", "scheme", "tls_ca_file_path", "version", "versionid",
}  # fmt: skip
"""Parameters whose values let nobody in. Any other may be a key, whatever it is called."""

_SECRET = re.compile(r"(?i)key|token|secret|sig|pass|pwd|pw$|cred|auth|^x-(amz|goog|ms)-|^sas$|^code$")
"""Names of parameters whose values are hidden in running text, too, which may quote the cells of a file."""

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://[^\s'\"<>]*")
_WEB = ("http", "https")
_CONTAINER = ("abfs", "abfss")
"""Schemes that name a container where others name a user."""

_SHORTEST = 4
"""Of a secret that is sought in text: shorter ones stand in every other word."""


def is_uri(name: str) -> bool:
    """Return whether a name has a scheme, such as `s3://bucket/key`."""
    scheme, found, _ = name.partition("://")
    return bool(found) and scheme.replace("+", "").isalnum() and len(scheme) > 1


def is_remote(name: str) -> bool:
    """Return whether a name is a URI that does not lead to this machine's own files."""
    return is_uri(name) and scheme_of(name) != "file"


def local_path(name: str) -> str:
    """Return the path of a `file://` URI; any other name as it is."""
    if not is_uri(name) or is_remote(name):
        return name
    from urllib.parse import unquote  # noqa: PLC0415  only URIs need it

    host, slash, path = name.partition("://")[2].partition("/")
    return unquote(slash + path) if host in {"", "localhost"} else name


def scheme_of(uri: str) -> str:
    """Return a URI's scheme in lower case."""
    return uri.partition("://")[0].lower()


def query_split(uri: str) -> tuple[str, str]:
    """Return a URI without its query, and the query with its question mark; empty if there is none."""
    if scheme_of(uri) in _WEB:
        at = uri.find("?")
    else:
        found = _QUERY.search(uri)
        at = -1 if found is None else found.start()
    return (uri, "") if at < 0 else (uri[:at], uri[at:])


def shown(name: str) -> str:
    """Return a path as it is; a URI without user, password and the values that may be keys."""
    return _told(name, _may_be_key) if is_uri(name) else name


def place_of(uri: str) -> str:
    """Return where a URI leads in one spelling: without user, and without query where that does not name the file."""
    from urllib.parse import unquote  # noqa: PLC0415  only URIs need it

    plain = user_split(uri)[1]
    if scheme_of(uri) in _WEB:
        return plain
    scheme, _, path = query_split(plain)[0].partition("://")
    return f"{scheme.lower()}://{unquote(path)}"


def without_keys(text: str) -> str:
    """Return text whose URIs stand without user, password and the values of parameters that are called keys."""
    if "://" not in text:
        return text
    return _URI.sub(lambda found: _told(found.group(), lambda key: _SECRET.search(key) is not None), text)


def scrubbed(text: str, uri: str) -> str:
    """Return what a library says about a URI without all that `shown` leaves out of it, however it is written."""
    text = text.replace(uri, shown(uri))
    for secret in sorted(_secrets(uri), key=len, reverse=True):
        text = text.replace(secret, HIDDEN)
    return without_keys(text)


def user_split(uri: str) -> tuple[str, str]:
    """Return a URI's user and password as they are written, `user:password`, and the URI without them."""
    scheme, _, rest = uri.partition("://")
    user, plain = _user_split(scheme.lower(), rest)
    return user, f"{scheme}://{plain}"


def _user_split(scheme: str, rest: str) -> tuple[str, str]:
    """Return user and password, and what follows a scheme without them.

    A password with a slash, question mark or hash that is not escaped reaches beyond the place where it should end.
    """
    place = re.split(r"[/?#]", rest, maxsplit=1)[0]
    _, colon, port = place.rpartition(":")
    beyond = bool(colon) and not port.isdigit() and not place.endswith("]")
    searched = place if "@" in place else rest if beyond else ""
    if "@" not in searched:
        return "", rest
    end = searched.rindex("@")
    user, plain = rest[:end], rest[end + 1 :]
    container, _, password = user.partition(":")
    return (password, f"{container}@{plain}") if container and scheme in _CONTAINER else (user, plain)


def _told(uri: str, hides: Callable[[str], bool]) -> str:
    """Return a URI without its user; of its parameters those lose their values whose names a test picks."""
    place, query = query_split(user_split(uri)[1])
    query, found, fragment = query.partition("#")
    pairs = [_pair(pair, hides) for pair in query[1:].split("&")]
    return place + (f"?{'&'.join(pairs)}" if query else "") + (f"#{HIDDEN}" if found and fragment else "")


def _pair(pair: str, hides: Callable[[str], bool]) -> str:
    key, found, value = pair.partition("=")
    if not found:
        return HIDDEN if key and hides(key) else key
    user = "@" in value or "%40" in value
    return f"{key}={HIDDEN}" if value and (user or hides(key)) else pair


def _secrets(uri: str) -> set[str]:
    """Return what a URI is shown without, as it is written and as it is meant."""
    from urllib.parse import unquote, unquote_plus  # noqa: PLC0415  only URIs that fail need it

    user, plain = user_split(uri)
    query = query_split(plain)[1]
    values = [pair.partition("=")[2] for pair in query[1:].split("&") if pair != _pair(pair, _may_be_key)]
    written = [user, *user.split(":"), *values]
    meant = {kind(text) for text in written for kind in (str, unquote, unquote_plus)}
    return {text for text in meant if len(text) >= _SHORTEST}


def _may_be_key(name: str) -> bool:
    return name.lower() not in _SHOWN
