"""The demonstration: a district with its communes in the nine months of 2016, whose figures are
the published ones to the unit, and a desk that is busy today.

- `plan`: how many dossiers of which class at which office. Pure.
- `names`: people, organisations and contact data that cannot be taken for real ones. Pure.
- `timetable`: days and hours at which things happen. Pure.
- `mix`: which procedures are asked for, how often.
- `staff`: the accounts of the demonstration.
- `history`: the dossiers of 2016. `current_quarter`: those of the current quarter.
- `load`: all of it, in one transaction, counted at the end.
"""
