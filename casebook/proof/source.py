"""What `chapters/method.md` and `casebook.new` still ask this module for."""

from casebook.proof.article import RUN, heading, normalise, split
from casebook.proof.article import sha256_of as digest
from casebook.proof.located import locate

__all__ = ["RUN", "digest", "heading", "locate", "normalise", "split"]
