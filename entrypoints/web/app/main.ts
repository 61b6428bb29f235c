/** The reference clinic app: a front end of its own, made of the elements and the HTTP API alone. */
import '../src/index.js';
import './shell.js';
