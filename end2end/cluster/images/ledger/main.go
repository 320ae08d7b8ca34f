// Ledger is the demo's service in an image without a shell: it answers on
// port 8080 and writes one line each second.
package main

import (
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"
	"time"
)

type line struct {
	Time    time.Time `json:"time"`
	Level   string    `json:"level"`
	Message string    `json:"message"`
	Entry   int       `json:"entry"`
}

func main() {
	go keepBooks()
	http.HandleFunc("/", func(response http.ResponseWriter, request *http.Request) {
		fmt.Fprintln(response, "ledger is balanced")
	})
	log.Fatal(http.ListenAndServe(":8080", nil))
}

func keepBooks() {
	log := json.NewEncoder(os.Stdout)
	for entry := 1; ; entry++ {
		log.Encode(line{Time: time.Now().UTC(), Level: "info", Message: "entry posted", Entry: entry})
		time.Sleep(time.Second)
	}
}
