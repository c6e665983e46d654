from django.urls import path

from linktime.web.dashboard.settings import brand, mail, views

urlpatterns = [
    path("", views.index, name="settings"),
    path("brand", brand.edit, name="brand"),
    path("profile", views.profile, name="save_profile"),
    path("mail", mail.save, name="save_mail"),
    path("account", views.account, name="save_account"),
    path("members", views.add_member, name="add_member"),
    path("members/<int:membership_id>", views.change_member, name="change_member"),
    path("keys", views.issue_key, name="issue_key"),
    path("keys/<int:key_id>", views.revoke_key, name="revoke_key"),
]
