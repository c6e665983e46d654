"""Salesforce as its documentation and its users describe it: OAuth 2.0, the REST API, SOQL, composite requests."""
