// Verdicts of Go's crypto/x509 on chains that are read as NDJSON; one answer a line, in the same order.
//
//go:debug x509usepolicies=1
package main

import (
	"bufio"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"os"
	"time"
)

type chain struct {
	Leaf          []byte
	Intermediates [][]byte
	Anchors       [][]byte
	Time          time.Time
	Policy        string
}

func pool(certificates [][]byte) *x509.CertPool {
	result := x509.NewCertPool()
	for _, der := range certificates {
		if certificate, err := x509.ParseCertificate(der); err == nil {
			result.AddCert(certificate)
		}
	}
	return result
}

func verify(asked chain) error {
	leaf, err := x509.ParseCertificate(asked.Leaf)
	if err != nil {
		return err
	}
	options := x509.VerifyOptions{
		Roots:         pool(asked.Anchors),
		Intermediates: pool(asked.Intermediates),
		CurrentTime:   asked.Time,
		KeyUsages:     []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
	}
	if asked.Policy != "" {
		policy, err := x509.ParseOID(asked.Policy)
		if err != nil {
			return err
		}
		options.CertificatePolicies = []x509.OID{policy}
	}
	_, err = leaf.Verify(options)
	return err
}

func main() {
	lines := bufio.NewScanner(os.Stdin)
	lines.Buffer(nil, 1<<24)
	output := bufio.NewWriter(os.Stdout)
	defer output.Flush()
	for lines.Scan() {
		var asked chain
		if err := json.Unmarshal(lines.Bytes(), &asked); err != nil {
			panic(err)
		}
		if err := verify(asked); err != nil {
			fmt.Fprintf(output, "reject %q\n", err)
		} else {
			fmt.Fprintln(output, "accept")
		}
	}
}
