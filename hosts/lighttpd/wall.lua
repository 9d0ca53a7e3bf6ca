-- The outer wall under lighttpd: how many requests an address may have under way.
--
-- The program itself counts runs, tokens and money ("guard" in recipe.json); this
-- keeps a flood of connections away from it.  lighttpd 1.4.68 and newer have no
-- mod_evasive any more, so it is done here.  Debian's package is
-- lighttpd-modules-lua; copy this to /etc/lighttpd/ and take the # off the two
-- lines in lighttpd.conf or external.conf.
--
-- A page has one stream and now and then a second request, and an office or a
-- classroom of twenty is one address: so not fewer than 60.

local most = 60
local address = lighty.r.req_attr["request.remote-addr"]
local n = 0

for other in lighty.server.irequests() do
	if other.req_attr["request.remote-addr"] == address then
		n = n + 1
	end
end
if n > most then
	lighty.r.resp_header["Retry-After"] = "10"
	return 429
end
return 0
