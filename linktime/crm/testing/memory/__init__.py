"""MemoryCrm: a small, honest CRM in this process. Contacts are one by email; meetings are made as often as asked."""
