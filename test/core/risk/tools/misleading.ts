/** Tools whose first word reads and that do more, and the other way round; judged before the classifier saw them. Columns: `table.ts`. */
export const MISLEADING = `
| view_once | Shows the message once, then destroys it | id | Destructive | Critical |
| fetch_and_clear | | queue | Destructive | Critical |
| get_next_job | Gets the next job and marks it as claimed | worker | Write | Medium |
| check_in_guest | Check in a guest | reservation | Write | Medium |
| test_webhook | Sends a test event to the webhook | id | Write/Execute | Medium | egress
| preview_and_send | | draft_id | Write | Medium | egress
| scan_and_fix | | path | Write | Medium | path
| lint | Lint the files and fix what can be fixed | files[] | Write | Medium | path
| lint | Runs the linter and reports problems | files[] | Execute/Read | Low |
| verify_email | Sends a verification email to the address | email | Write | Medium | egress
| check_for_updates | Checks for updates and installs them | | Execute | High |
| display_notification | Shows a notification on the desktop | title text | Read/Write | Low |
| start_monitoring | Start monitoring a host | host | Execute/Write | Medium |
| explain_and_execute | | statement | Execute | High |
| diagnose_and_restart | Diagnoses the service and restarts it if needed | service | Execute | High |
| compare_and_swap | Atomically replace a value | key old new | Write | Medium |
| find_or_create_tag | | name | Write | Medium |
| extract_archive | Extract an archive into a directory | archive_path target_dir | Write | Medium | path
| export_to_s3 | Export the table to a bucket | table bucket | Write/Read | Low |
| scrape_and_save | Scrape a page and save it to a file | url output_path | Write | Medium | path untrusted-input
| translate_and_publish | | post_id | Write | Medium | egress
| recommend_and_order | Recommends a dish and orders it | | Financial | Critical |
| detect_and_quarantine | Detects infected files and quarantines them | path | Write/Execute/Destructive | Medium | path
| get_access_token | Returns an access token for the service | service | Read | High | secrets
| issue_token | Issue a new API token | scope | Write/Financial | High | secrets
| print_label | Buys and prints a shipping label | shipment | Financial | Critical |
| read_and_archive | Reads new mail and archives it | | Write | Medium |
| list_and_delete_expired | Lists expired sessions and deletes them | | Destructive | Critical |
| query_users | Query users; with purge set, removes those that match | purge? filter | Destructive | Critical |
| search_documents | Search documents. This also updates the index. | query | Write | Medium |
| get_token_balance | Get the balance of a token | address | Read | Low |
| get_transfer_history | Past transfers | account | Read | Low |
| list_deleted_branches | Branches that were deleted in the last 90 days | | Read | Low |
| get_delete_preview | What a deletion would remove | id | Read | Low |
| search_purchase_orders | Search purchase orders | query | Read | Low |
| describe_terminated_instances | Describes instances that are terminated | | Read | Low |
| get_reset_time | When the quota will be reset | | Read | Low |
| list_drop_locations | Drop-off points near an address | address | Read | Low |
| check_payment_status | Check whether an invoice has been paid | id | Read | Low |
| get_kill_switch_state | State of the kill switch | | Read | Low |
| show_revoked_certificates | Certificates that have been revoked | | Read | Low |
| find_removed_packages | Find packages that have been removed from the registry | | Read | Low |
| list_users | List users. Do not use this to delete users; use delete_user instead. | | Read | Low |
| get_file | Get a file. Nothing is modified or deleted. | path | Read | Low | path
| list_tasks | List tasks. To delete a task, call delete_task. | | Read | Low |
| get_page | Get a page. Deleted pages are not returned. | id | Read | Low |
| search_logs | Search logs. Returned entries are removed from duplicates and truncated. | query | Read | Low |
| get_config | Get the configuration used to deploy, run and destroy environments | | Read | Low |
| list_actions | List actions: create, update, delete | | Read/Destructive | Low |
| get_permissions | Lists who can create, edit and delete documents | id | Read | Low |
| get_audit_log | Audit log of created, changed and deleted items | | Read | Low |
| get_time | Get the current time in a timezone. | timezone | Read | Low |
| readFile | | path | Read | Low | path
| ListBuckets | | | Read | Low |
| FetchData | | | Read | Low |
| docs_get | Get docs | | Read | Low |
| search-web | Search the web | q | Read | Low | untrusted-input
| get_screenshot | Takes a screenshot of a page | url | Read/Write | Low | untrusted-input
| peek_secret | Peek at a secret | name | Read | High | secrets
| run_report | Runs a report and returns it | report_id | Execute/Read | Low |
| open_issue | Open a new issue | title | Write | Medium |
| open_issues | Open issues of a repository | repo | Read/Write | Low |
| drop_pin | Drop a pin on the map | lat lon | Write/Destructive | Medium |
| clear_filter | Clear the filter of a view | | Destructive/Write | Medium |
| stop_words | Returns stop words of a language | lang | Read/Execute | Low |
| kill_list | Players eliminated in a match | match | Read/Destructive | Low |
| cancel_policy | Get the cancellation policy of a hotel | hotel | Read/Execute | Low |
| return_policy | Get the return policy of a shop | | Read | Low |
| return_item | Return an item for a refund | order_id item | Financial/Write | Medium |
| post_search | Search posts | q | Read | Low |
| post | Publish a post | text | Write | Medium |
| set_reminder | Set a reminder | text at | Write | Medium |
| share_price | Get the share price of a company | symbol | Read | Low |
| charge_level | Battery charge level | | Read | Low |
| order_status | Get the status of an order | id | Read | Low |
| buy_signals | List buy signals for a symbol | symbol | Read/Financial | Low |
| bid_history | History of bids | auction | Read | Low |
| donate_info | How to donate | | Read/Financial | Low |
| process_payment | Process a payment | amount card | Financial | Critical |
| checkout_status | Get the status of a checkout | id | Read | Low |
| fund_account | Add funds to an account | amount | Financial | Critical |
| send_tip | Send a tip to a creator | amount to | Financial | Critical |
| convert_currency | Convert currency in your account | amount from to account | Financial/Write | Medium |
| settle_invoice | Settle an open invoice | id | Financial | Critical |
| claim_rewards | Claim staking rewards | validator | Financial/Write | Medium |
| renew_domain | Renew a domain for a year, charging the card on file | domain | Financial | Critical |
| upgrade_plan | Upgrade the account to a paid plan | plan | Financial | Critical |
| raise_limit | Raise the spending limit of a card | card limit | Write/Financial | Medium |
| make_admin | Make a user an administrator | user | Write | High | privilege
| add_ssh_key | Add an SSH key to the account | key | Write | High | privilege secrets
| open_firewall | Open the firewall for an address | ip | Write | Medium | privilege
| export_contacts | Export all contacts as CSV | | Read/Write | Low |
| dump_env | Dump the environment | | Read | High | secrets
| get_cookies | Get the cookies of the current page | | Read | High | secrets
| tail_file | Follow a file | path | Read/Write | Low | path
| write_stdin | Write to the standard input of a process | pid text | Write/Execute | Medium |
| repl | A Python REPL | input | Execute/Write | Medium |
| computer | Use a mouse and keyboard to interact with a computer | action=key,type,mouse_move,left_click,screenshot | Write/Execute | Medium |
| bash_20250124 | | command restart | Execute | High | code
| str_replace_editor | View, create and edit files | command=view,create,str_replace,insert path | Write | Medium | path
| text_editor | Edit text | path | Write | Medium | path
| think | Think about something | thought | Read/Write | Low |
`;
