"""What clinic-media decides: plain frozen values and pure rules; no I/O, no clock, standard library only."""
