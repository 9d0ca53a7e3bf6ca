// Every way of hosting by lighttpd: see tests/lib/hosts.mjs and behaviours.mjs.

import { testHosts } from '../lib/matrix.mjs';

testHosts('lighttpd');
