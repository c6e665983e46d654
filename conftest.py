from tests.people import alice, bob, charlie, event_type

__all__ = ["alice", "bob", "charlie", "event_type"]
