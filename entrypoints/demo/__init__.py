"""A demo clinic: invented people, pictures drawn by the program, and a server to look at them with."""
