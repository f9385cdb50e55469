// Command provider is all of the tests' providers that are built on the real Go SDKs. Terraform starts a provider by the name of its
// file, terraform-provider-NAME_vVERSION: that name says which of them this process is.
package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"driftkeeper.test/real/provider/archive"
	"driftkeeper.test/real/provider/lab"
	"driftkeeper.test/real/provider/null"
	"driftkeeper.test/real/provider/postgresql"

	"github.com/hashicorp/terraform-plugin-framework/providerserver"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5"
	"github.com/hashicorp/terraform-plugin-go/tfprotov5/tf5server"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6"
	"github.com/hashicorp/terraform-plugin-go/tfprotov6/tf6server"
	"github.com/hashicorp/terraform-plugin-mux/tf5muxserver"
	"github.com/hashicorp/terraform-plugin-mux/tf5to6server"
	"github.com/hashicorp/terraform-plugin-mux/tf6muxserver"
)

func main() {
	name, version, _ := strings.Cut(strings.TrimPrefix(filepath.Base(os.Args[0]), "terraform-provider-"), "_v")
	if err := serve(context.Background(), name, version); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func serve(ctx context.Context, name, version string) error {
	switch name {
	case "archive":
		return tf5server.Serve("registry.terraform.io/hashicorp/archive", providerserver.NewProtocol5(archive.New()))
	case "null":
		return tf5server.Serve("registry.terraform.io/hashicorp/null", providerserver.NewProtocol5(null.New()))
	case "postgresql":
		return tf5server.Serve("registry.terraform.io/cyrilgdn/postgresql", postgresql.New().GRPCProvider)
	case "lab5":
		return serve5(ctx, lab.Options{Version: version})
	case "lab6":
		return serve6(ctx, lab.Options{Version: version, Nested: true})
	case "labhuge":
		return serve5(ctx, lab.Options{Version: version, MoreTypes: 1400})
	}
	return fmt.Errorf("no provider is called %q", name)
}

// Both SDKs behind one server, as large providers are while they move from one to the other.
func serve5(ctx context.Context, options lab.Options) error {
	mux, err := tf5muxserver.NewMuxServer(ctx, []func() tfprotov5.ProviderServer{
		lab.NewOld(options).GRPCProvider, providerserver.NewProtocol5(lab.NewModern(options))}...)
	if err != nil {
		return err
	}
	return tf5server.Serve("registry.terraform.io/driftkeeper/lab5", mux.ProviderServer)
}

func serve6(ctx context.Context, options lab.Options) error {
	old, err := tf5to6server.UpgradeServer(ctx, lab.NewOld(options).GRPCProvider)
	if err != nil {
		return err
	}
	mux, err := tf6muxserver.NewMuxServer(ctx, []func() tfprotov6.ProviderServer{
		func() tfprotov6.ProviderServer { return old }, providerserver.NewProtocol6(lab.NewModern(options))}...)
	if err != nil {
		return err
	}
	return tf6server.Serve("registry.terraform.io/driftkeeper/lab6", mux.ProviderServer)
}
