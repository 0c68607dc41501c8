"""Refusals: what a library says about a URI that it cannot reach becomes one line that says what to check.

Floor 2. Libraries tell of the same trouble in many words; what matters is which of a few kinds it is.
"""

import re
from collections.abc import Iterator
from contextlib import contextmanager

import pyarrow as pa

from xentcli.addresses import scheme_of, scrubbed, user_split
from xentcli.errors import Place, UnreadableError, XentError
from xentcli.files.streams import first_line

_BUGS = (TypeError, AttributeError, LookupError, NameError, AssertionError, MemoryError)
"""What is no file system's way to say that something does not work; all else may be, as each library has its own."""

_NO_BUCKET = re.compile(r"NO_SUCH_BUCKET|NoSuchBucket|bucket does not exist", re.IGNORECASE)
_FORBIDDEN = re.compile(
    r"ACCESS_DENIED|Access ?Denied|\b40[13]\b|forbidden|unauthori[sz]ed|InvalidAccessKeyId|INVALID_ACCESS_KEY|"
    r"credential|SIGNATURE|ExpiredToken|EXPIRED_TOKEN|MISSING_AUTHENTICATION|No response body|gated",
    re.IGNORECASE,
)
_UNREACHED = re.compile(
    r"NETWORK_CONNECTION|curlCode|connect|resolve|timed? ?out|timeout|unreachable|Name or service|reset|disconnected|"
    r"payload|\b50[0234]\b|SLOW_DOWN|SERVICE_UNAVAILABLE|INTERNAL_FAILURE",
    re.IGNORECASE,
)
_KEYS = {
    "s3": "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, AWS_PROFILE, or ?anonymous=true for a public bucket",
    "gs": "GOOGLE_APPLICATION_CREDENTIALS",
    "gcs": "GOOGLE_APPLICATION_CREDENTIALS",
    "hf": "HF_TOKEN, or hf auth login",
}


class ForbiddenError(UnreadableError):
    """What is behind a URI, or whether anything is, may not be asked with the credentials that there are."""


def is_failure(error: Exception) -> bool:
    """Whether an exception is a file system's way to say that something does not work."""
    return not isinstance(error, (XentError, *_BUGS)) or isinstance(error, pa.ArrowException)


def is_missing(error: FileNotFoundError) -> bool:
    """Whether nothing is there; fsspec calls whatever stops it a missing file and keeps the reason beside."""
    cause = _cause(error)
    return isinstance(cause, FileNotFoundError) or "404" in str(cause)


def _cause(error: Exception) -> Exception:
    return error.__cause__ if isinstance(error.__cause__, Exception) else error


@contextmanager
def refusing(uri: str) -> Iterator[None]:
    """Turn what file systems raise about a URI into the error that says what to check.

    Raises:
        UnreadableError: they raise.
    """
    try:
        yield
    except Exception as error:
        if not is_failure(error):
            raise
        raise refusal(uri, error) from error


def refusal(uri: str, error: Exception) -> UnreadableError:
    """Return the error for a URI that cannot be listed, opened, read or written."""
    scheme = scheme_of(uri)
    if isinstance(error, FileNotFoundError):
        if is_missing(error):
            return missing(uri)
        error = _cause(error)
    said = scrubbed(_words(error), uri)
    place = Place(uri)
    if _NO_BUCKET.search(said):
        return no_bucket(uri)
    if _UNREACHED.search(said):
        return UnreadableError(
            f"cannot be reached: {said}",
            place=place,
            help="check the network, the proxy and the address"
            + (" (endpoint_override=..., region=...)" if scheme == "s3" else ""),
        )
    if isinstance(error, PermissionError) or _FORBIDDEN.search(said):
        keys = _KEYS.get(scheme, "the user and password or the signature of the address")
        return ForbiddenError(f"may not be accessed: {said}", place=place, help=f"check the credentials: {keys}")
    advice = "check the address"
    if user_split(uri)[0]:
        advice += "; in a user and password / is written %2F, + is %2B, @ is %40"
    return UnreadableError(f"cannot be opened: {said}", place=place, help=advice)


def _words(error: Exception) -> str:
    """Return what an error says in one line; of a server's answer the status, for its words repeat the address."""
    status, message = getattr(error, "status", None), getattr(error, "message", None)
    return f"status {status}, {message}" if isinstance(status, int) and message else first_line(error)


def no_bucket(uri: str) -> UnreadableError:
    """Return the error for a bucket that does not exist."""
    return UnreadableError(
        "there is no such bucket", place=Place(uri), help="check its name, endpoint_override and region"
    )


def missing(uri: str) -> UnreadableError:
    """Return the error for a URI behind which there is nothing."""
    return UnreadableError("no such file", place=Place(uri))


def changed(uri: str) -> UnreadableError:
    """Return the error for a file that is another one than when it was opened."""
    return UnreadableError(
        "changed while it was read", place=Place(uri), help="run again once it is written, or copy it first"
    )
