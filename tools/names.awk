# names.awk: what names the C files of its arguments have, a line each:
#
#	def NAME FILE	a function is defined, static or not
#	tag NAME FILE	a struct is defined
#	dec NAME FILE	a header declares a function for others
#	use NAME FILE	the name occurs, in code
#
# It relies on the tree's style: a definition has the function's name at the
# beginning of a line, a declaration begins there and has the name before its
# first parenthesis.  Comments and strings are left out.

FNR == 1 { comment = 0 }

{
	line = $0
	code = ""
	while (line != "") {
		if (comment) {
			end = index(line, "*/")
			if (end == 0)
				break
			line = substr(line, end + 2)
			comment = 0
		} else if (!match(line, /"([^"\\]|\\.)*"|'([^'\\]|\\.)*'|\/\*/)) {
			code = code line
			break
		} else {
			code = code substr(line, 1, RSTART - 1) " "
			comment = substr(line, RSTART, 2) == "/*"
			line = substr(line, RSTART + RLENGTH)
		}
	}
	$0 = code
}

/^[a-z_0-9]+\(/ && FILENAME ~ /\.c$/ {
	print "def", substr(code, 1, index(code, "(") - 1), FILENAME
}

/^[a-z].*[ \t*][a-z_0-9]+\(/ && !/^(typedef|static) / && FILENAME ~ /\.h$/ {
	n = split(substr(code, 1, index(code, "(") - 1), words, /[ \t*]+/)
	print "dec", words[n], FILENAME
}

match(code, /struct [a-z_0-9]+ \{/) {
	print "tag", substr(code, RSTART + 7, RLENGTH - 9), FILENAME
}

{
	n = split(code, words, /[^A-Za-z_0-9]+/)
	for (i = 1; i <= n; i++)
		if (words[i] != "" && !((FILENAME, words[i]) in seen)) {
			seen[FILENAME, words[i]] = 1
			print "use", words[i], FILENAME
		}
}
