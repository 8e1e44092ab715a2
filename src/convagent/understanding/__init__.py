"""Understanding."""

from convagent.understanding.matcher import Match, Matcher, MatcherError

__all__ = ["Match", "Matcher", "MatcherError"]
