// Package lab is a provider for tests whose objects are files: half of it on terraform-plugin-sdk/v2, half on
// terraform-plugin-framework, with what makes real providers hard to compare.
package lab

import "strings"

type Options struct {
	Version   string
	Nested    bool // nested attributes, which protocol 5 has not
	MoreTypes int  // types that nobody uses: large providers have them by the thousand
}

// Version 2 stores its old type in a newer schema, which version 1 cannot read.
func (o Options) isSecond() bool { return strings.HasPrefix(o.Version, "2.") }
