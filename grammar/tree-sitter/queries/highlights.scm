(comment) @comment
(text) @string
(cell) @string
(column) @variable.parameter
[(number) (ordinal) (date) (period) (month_day)] @number
(constant) @constant.builtin

(kind) @keyword
(header) @keyword
(reserved) @keyword
(verb) @keyword
"choose" @keyword
"given" @keyword
"for" @keyword
"with" @keyword
"each" @keyword
"expect" @keyword

(declaration name: (path) @type)
(given record: (word) @type)
(label) @property
(key) @property
(call function: (word) @function)
(aggregate) @function.builtin
(unit) @type.builtin
(member) @property
(name) @variable

(operator) @operator
"->" @operator
"=" @operator
["{" "}" "(" ")"] @punctuation.bracket
["," "|"] @punctuation.delimiter
