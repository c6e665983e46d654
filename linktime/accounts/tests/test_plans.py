from linktime.accounts import actions
from linktime.accounts.events import PlanChanged


def test_a_change_of_plan_is_told_once(alice, monkeypatch):
    told = []
    monkeypatch.setattr(actions, "publish", told.append)
    actions.change_plan(alice.account, "free")
    actions.change_plan(alice.account, "free")
    alice.account.refresh_from_db()
    assert alice.account.plan == "free"
    assert told == [PlanChanged(account=alice.account)]
