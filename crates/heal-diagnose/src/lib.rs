//! What tools print, in one normal form.
