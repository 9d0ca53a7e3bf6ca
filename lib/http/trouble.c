/*
 * trouble.c: stage and check.  The table of words for failed connections; knows
 * neither libcurl nor OpenSSL.
 */
#include "http/trouble.h"

const char *
trouble_words(enum http_trouble trouble)
{
	static const char *const words[] = {
		[HTTP_NO_TROUBLE] = "",
		[HTTP_NO_NAME] = "its host name cannot be resolved",
		[HTTP_NO_PROXY_NAME] = ("the host name of the proxy cannot be "
		    "resolved"),
		[HTTP_NO_CONNECTION] = "nothing takes connections there",
		[HTTP_TIMED_OUT] = "it took too long",
		[HTTP_PROXY_REFUSED] = "the proxy refused to connect to it",
		[HTTP_NO_CA] = "there are no CA certificates to check it by",
		[HTTP_NO_TLS] = "it does not speak TLS there",
		[HTTP_NO_HANDSHAKE] = "the TLS handshake failed",
		[HTTP_OTHER_NAME] = ("its certificate is for another host name "
		    "or address"),
		[HTTP_EXPIRED] = "its certificate has expired",
		[HTTP_NOT_YET] = "its certificate is not valid yet",
		[HTTP_SELF_SIGNED] = ("its certificate is self-signed, or by "
		    "an authority that is not trusted here"),
		[HTTP_NO_ISSUER] = ("the issuer of its certificate is not "
		    "trusted here"),
		[HTTP_BAD_CERTIFICATE] = "its certificate is not valid",
		[HTTP_CLOSED] = "the connection was closed without an answer",
		[HTTP_CUT] = "the connection ended before the answer did",
		[HTTP_NO_HTTP] = "what it says is not HTTP",
		[HTTP_NO_CODING] = "the encoding of its answer cannot be read",
		[HTTP_NO_MEMORY] = "out of memory",
		[HTTP_OTHER] = "the request failed",
	};

	return words[trouble];
}
