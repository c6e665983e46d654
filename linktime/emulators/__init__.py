"""Stand-ins for the CRMs: one process, one port, a path prefix for each service.

They import nothing else of LinkTime, so that they can be run, read and trusted on their own.
"""
