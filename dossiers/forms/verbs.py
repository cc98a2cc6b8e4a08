"""Which form asks for which verb: the acts that a page can do."""

from dossiers.forms import acts, stateless_acts
from dossiers.forms.acceptance import Accept
from dossiers.forms.acts import ActForm
from dossiers.forms.apology import Apologise
from dossiers.forms.correction import Correct
from dossiers.forms.handing import Forward, NoteCall
from dossiers.forms.supplement import ReceiveSupplement

FORMS: dict[str, type[ActForm]] = {
    form.verb: form
    for form in (
        Accept,
        acts.Decline,
        stateless_acts.TakeOver,
        stateless_acts.TakePaper,
        stateless_acts.NoteExternal,
        NoteCall,
        Forward,
        acts.AskSupplement,
        ReceiveSupplement,
        acts.AskPayment,
        acts.ConfirmPayment,
        Apologise,
        acts.Resolve,
        acts.HandOver,
        acts.Withdraw,
        acts.Stop,
        Correct,
        acts.Revert,
        stateless_acts.UndoOwn,
        stateless_acts.AddNote,
    )
}
