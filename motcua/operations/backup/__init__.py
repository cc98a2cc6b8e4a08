"""Taking a whole installation away in one encrypted file, and bringing it back.

`sealed.py` is the encryption, `databases.py` what differs between SQLite and PostgreSQL,
`scans.py` finds rows whose files are gone, `archive.py` what is inside and in which order it is
trusted.
"""
