"""The standard objects, with the fields, lengths and rights of Salesforce's Object Reference."""

from dataclasses import replace
from typing import Any

from linktime.emulators.salesforce.schema import Field, SObject

LONG_TEXT = 32_000


def text(name: str, length: int, label: str = "", kind: str = "string", **rights: Any) -> Field:
    return Field(name, kind, label, length, **rights)


def flag(name: str, label: str = "", *, writable: bool = True) -> Field:
    return Field(name, "boolean", label, nillable=False, defaulted=True, createable=writable, updateable=writable)


def reference(name: str, label: str, *targets: str, defaulted: bool = False) -> Field:
    return Field(name, "reference", label, 18, nillable=not defaulted, defaulted=defaulted, refers_to=targets)


def picklist(name: str, label: str, *values: str) -> Field:
    return Field(name, "picklist", label, 255, picklist=values)


def read_only(field: Field) -> Field:
    return replace(field, createable=False, updateable=False)


SYSTEM = (
    Field(
        "Id", "id", "Record ID", 18, nillable=False, createable=False, updateable=False, defaulted=True, id_lookup=True
    ),
    flag("IsDeleted", "Deleted", writable=False),
    *(
        read_only(Field(name, kind, label, nillable=False, defaulted=True, refers_to=targets))
        for name, kind, label, targets in (
            ("CreatedDate", "datetime", "Created Date", ()),
            ("CreatedById", "reference", "Created By ID", ("User",)),
            ("LastModifiedDate", "datetime", "Last Modified Date", ()),
            ("LastModifiedById", "reference", "Last Modified By ID", ("User",)),
            ("SystemModstamp", "datetime", "System Modstamp", ()),
        )
    ),
)
DESCRIPTION = text("Description", LONG_TEXT, kind="textarea", filterable=False)
OWNER = reference("OwnerId", "Owner ID", "User", defaulted=True)
PERSON = (
    text("LastName", 80, "Last Name", nillable=False),
    text("FirstName", 40, "First Name"),
    picklist("Salutation", "Salutation", "Mr.", "Ms.", "Mrs.", "Dr.", "Prof.", "Mx."),
    read_only(text("Name", 121, "Full Name", nillable=False, defaulted=True)),
)
LEAD_SOURCE = picklist(
    "LeadSource", "Lead Source", "Web", "Phone Inquiry", "Partner Referral", "Purchased List", "Other"
)

CONTACT = SObject(
    "Contact",
    "Contact",
    "Contacts",
    "003",
    (
        *SYSTEM,
        read_only(reference("MasterRecordId", "Master Record ID", "Contact")),
        reference("AccountId", "Account ID", "Account"),
        *PERSON,
        text("Phone", 40, "Business Phone", kind="phone"),
        text("MobilePhone", 40, "Mobile Phone", kind="phone"),
        text("HomePhone", 40, "Home Phone", kind="phone"),
        text("Email", 80, kind="email", id_lookup=True),
        text("Title", 128),
        text("Department", 80),
        text("MailingCity", 40, "Mailing City"),
        text("MailingCountry", 80, "Mailing Country"),
        LEAD_SOURCE,
        DESCRIPTION,
        OWNER,
        flag("HasOptedOutOfEmail", "Email Opt Out"),
        Field("Birthdate", "date"),
        read_only(Field("LastActivityDate", "date", "Last Activity")),
        flag("IsEmailBounced", "Is Email Bounced", writable=False),
        read_only(text("EmailBouncedReason", 255, "Email Bounced Reason")),
    ),
    mergeable=True,
)
LEAD = SObject(
    "Lead",
    "Lead",
    "Leads",
    "00Q",
    (
        *SYSTEM,
        *PERSON,
        text("Company", 255, nillable=False),
        text("Phone", 40, kind="phone"),
        text("MobilePhone", 40, "Mobile Phone", kind="phone"),
        text("Email", 80, kind="email", id_lookup=True),
        text("Title", 128),
        picklist("Status", "Status", "Open - Not Contacted", "Working - Contacted", "Closed - Converted"),
        LEAD_SOURCE,
        DESCRIPTION,
        OWNER,
        read_only(Field("LastActivityDate", "date", "Last Activity")),
        flag("IsConverted", "Converted", writable=False),
    ),
    mergeable=True,
)
ACCOUNT = SObject(
    "Account",
    "Account",
    "Accounts",
    "001",
    (
        *SYSTEM,
        text("Name", 255, "Account Name", nillable=False),
        text("Phone", 40, "Account Phone", kind="phone"),
        text("Website", 255, kind="url"),
        text("Industry", 255, kind="picklist"),
        DESCRIPTION,
        OWNER,
        read_only(Field("LastActivityDate", "date", "Last Activity")),
    ),
    mergeable=True,
)
EVENT = SObject(
    "Event",
    "Event",
    "Events",
    "00U",
    (
        *SYSTEM,
        text("Subject", 255, kind="combobox"),
        text("Location", 255),
        DESCRIPTION,
        flag("IsAllDayEvent", "All-Day Event"),
        Field("StartDateTime", "datetime", "Start Date Time"),
        Field("EndDateTime", "datetime", "End Date Time"),
        Field("ActivityDateTime", "datetime", "Due Date Time"),
        Field("ActivityDate", "date", "Due Date Only"),
        Field("DurationInMinutes", "int", "Duration"),
        reference("WhoId", "Name ID", "Contact", "Lead"),
        reference("WhatId", "Related To ID", "Account"),
        read_only(reference("AccountId", "Account ID", "Account")),
        Field("EventWhoIds", "junctionidlist", "Event Who IDs", filterable=False, refers_to=("Contact", "Lead")),
        OWNER,
        replace(picklist("ShowAs", "Show Time As", "Busy", "OutOfOffice", "Free"), restricted=True),
        text("Type", 40, kind="picklist"),
        replace(picklist("EventSubtype", "Event Subtype", "Event"), updateable=False, restricted=True),
        flag("IsPrivate", "Private"),
        flag("IsReminderSet", "Reminder Set"),
        Field("ReminderDateTime", "datetime", "Reminder Date/Time"),
        flag("IsArchived", "Archived", writable=False),
        flag("IsChild", "Is Child", writable=False),
        flag("IsGroupEvent", "Is Group Event", writable=False),
        read_only(text("GroupEventType", 40, "Group Event Type", kind="picklist")),
        read_only(reference("RecurrenceActivityId", "Recurrence Activity ID", "Event")),
    ),
)
USER = SObject(
    "User",
    "User",
    "Users",
    "005",
    (
        *(field for field in SYSTEM if field.name != "IsDeleted"),
        text("Username", 80, nillable=False, id_lookup=True),
        *(field for field in PERSON if field.name != "Salutation"),
        text("Alias", 8),
        text("Email", 128, kind="email", nillable=False, id_lookup=True),
        text("Title", 80),
        text("TimeZoneSidKey", 40, "Time Zone", kind="picklist"),
        text("LocaleSidKey", 40, "Locale", kind="picklist"),
        text("LanguageLocaleKey", 40, "Language", kind="picklist"),
        picklist("UserType", "User Type", "Standard"),
        flag("IsActive", "Active"),
    ),
    deletable=False,
)
ORGANIZATION = SObject(
    "Organization",
    "Organization",
    "Organizations",
    "00D",
    tuple(
        read_only(field)
        for field in (
            *(field for field in SYSTEM if field.name != "IsDeleted"),
            text("Name", 80, nillable=False),
            flag("IsSandbox", "Is Sandbox"),
            flag("IsReadOnly", "Is Read Only"),
            text("InstanceName", 5, "Instance Name"),
            picklist("OrganizationType", "Edition", "Developer Edition"),
            Field("TrialExpirationDate", "datetime", "Trial Expiration Date"),
        )
    ),
    createable=False,
    deletable=False,
)

STANDARD = (CONTACT, EVENT, LEAD, ACCOUNT, USER, ORGANIZATION)
